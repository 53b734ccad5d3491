//! An upload with the platform's HTTP client (spec 70 chapter 2).

/// What [`post_chunk`] returns when there is nothing to send.
pub const NO_DATA: i32 = 1;
/// What it returns when there is no client.
pub const NO_CLIENT: i32 = -1;
/// How long it waits for the response.
pub const TIMEOUT_MS: u32 = 30_000;

/// The platform's client, and the lines that are logged about it.
pub trait Platform {
    /// A connection, or what the platform has in its place.
    type Client: Copy;
    /// Whether the packetizer has anything to send.
    fn data_available(&self) -> bool;
    /// Connects or allocates.
    fn create(&self) -> Option<Self::Client>;
    /// Sends what the packetizer has: 0 sent or queued, 1 no data, negative an error.
    fn post_data(&self, client: Self::Client) -> i32;
    /// Waits until everything has finished.
    fn wait(&self, client: Self::Client, timeout_ms: u32);
    /// Ends the client.
    fn destroy(&self, client: Self::Client);
    /// Logs that there is no client.
    fn log_no_client(&self);
    /// Logs what `post_data` returned.
    fn log_post_failed(&self, result: i32);
}

/// Sends what there is with a client of its own. Waits also after a failure, and what waiting and ending say is not looked at.
pub fn post_chunk(platform: &impl Platform) -> i32 {
    if !platform.data_available() {
        return NO_DATA;
    }
    let Some(client) = platform.create() else {
        platform.log_no_client();
        return NO_CLIENT;
    };
    let result = platform.post_data(client);
    if result != 0 {
        platform.log_post_failed(result);
    }
    platform.wait(client, TIMEOUT_MS);
    platform.destroy(client);
    result
}

/// Whether the server took what was sent.
pub fn is_success(status: u32) -> bool {
    (200..300).contains(&status)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cell::RefCell;
    use std::format;
    use std::string::String;
    use std::vec::Vec;

    struct Scripted {
        data: bool,
        client: bool,
        result: i32,
        calls: RefCell<Vec<String>>,
    }

    impl Scripted {
        fn note(&self, call: String) {
            self.calls.borrow_mut().push(call);
        }
    }

    impl Platform for Scripted {
        type Client = u8;

        fn data_available(&self) -> bool {
            self.data
        }

        fn create(&self) -> Option<u8> {
            self.note("create".into());
            self.client.then_some(7)
        }

        fn post_data(&self, client: u8) -> i32 {
            self.note(format!("post {client}"));
            self.result
        }

        fn wait(&self, client: u8, timeout_ms: u32) {
            self.note(format!("wait {client} {timeout_ms}"));
        }

        fn destroy(&self, client: u8) {
            self.note(format!("destroy {client}"));
        }

        fn log_no_client(&self) {
            self.note("no client".into());
        }

        fn log_post_failed(&self, result: i32) {
            self.note(format!("failed {result}"));
        }
    }

    /// Spec 70 section 15.6.
    #[test]
    fn traces_of_the_specification() {
        let rows: [(bool, bool, i32, i32, &[&str]); 5] = [
            (false, true, 0, 1, &[]),
            (true, true, 0, 0, &["create", "post 7", "wait 7 30000", "destroy 7"]),
            (true, true, -5, -5, &["create", "post 7", "failed -5", "wait 7 30000", "destroy 7"]),
            (true, true, 1, 1, &["create", "post 7", "failed 1", "wait 7 30000", "destroy 7"]),
            (true, false, 0, -1, &["create", "no client"]),
        ];
        for (data, client, result, wanted, calls) in rows {
            let platform = Scripted { data, client, result, calls: RefCell::default() };
            assert_eq!(post_chunk(&platform), wanted);
            assert_eq!(platform.calls.take(), calls);
        }
    }

    #[test]
    fn success_is_200_to_299() {
        assert_eq!([199, 200, 202, 299, 300, 0, 500].map(is_success), [false, true, true, true, false, false, false]);
    }
}

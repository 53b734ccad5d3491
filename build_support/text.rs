//! The two small languages of compilers that the build scripts read: flags in a variable, and dependency files.

/// Splits as a shell does: spaces, single and double quotes, backslash. `None`: a quote is not closed.
pub fn split_flags(text: &str) -> Option<Vec<String>> {
    let mut flags = Vec::new();
    let mut flag: Option<String> = None;
    let mut quote = None;
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        match (quote, c) {
            (None, ' ' | '\t' | '\n') => flags.extend(flag.take()),
            (None, '"' | '\'') => {
                quote = Some(c);
                flag.get_or_insert_default();
            }
            (Some(q), _) if c == q => quote = None,
            (Some('\''), _) => flag.get_or_insert_default().push(c),
            (_, '\\') => flag.get_or_insert_default().extend(chars.next()),
            _ => flag.get_or_insert_default().push(c),
        }
    }
    flags.extend(flag);
    quote.is_none().then_some(flags)
}

/// The files that a compiler's dependency file (`-MMD`) names, without the target before the colon.
pub fn files_in_depfile(depfile: &str) -> Vec<String> {
    let depfile = depfile.replace("\\\r\n", " ").replace("\\\n", " ");
    let Some((_, files)) = depfile.split_once(": ") else { return Vec::new() };
    let mut names = vec![String::new()];
    let mut chars = files.chars();
    while let Some(c) = chars.next() {
        let name = names.last_mut().expect("starts with one name");
        match c {
            '\\' => name.extend(chars.next()), // an escaped space
            c if c.is_whitespace() => names.push(String::new()),
            c => name.push(c),
        }
    }
    names.retain(|name| !name.is_empty());
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flags_are_split_as_a_shell_does() {
        let flags = split_flags(r#"  -DA=1 "-DB=two words" -DC='"x"' -DD=\"y\" -I"/a b"/c '' "#);
        let wanted = ["-DA=1", "-DB=two words", "-DC=\"x\"", "-DD=\"y\"", "-I/a b/c", ""];
        assert_eq!(flags.unwrap(), wanted);
    }

    #[test]
    fn an_open_quote_is_refused() {
        assert_eq!(split_flags("-DA='x"), None);
        assert_eq!(split_flags("").unwrap(), Vec::<String>::new());
    }

    #[test]
    fn a_dependency_file_names_its_files() {
        let depfile = "out/probe.o: shim/probe.c \\\n /fw/with\\ space.h \\\r\n  /fw/b.h\n";
        assert_eq!(files_in_depfile(depfile), ["shim/probe.c", "/fw/with space.h", "/fw/b.h"]);
        assert!(files_in_depfile("").is_empty());
    }
}

#!/usr/bin/env python3
"""Builds c_examples/http_post and lets it talk to servers of our own, in the clear and with TLS; every byte that they get is compared.

    tests/http/run.py [--build DIR] [--mflt FILE]

Needs cmake, gcc, OpenSSL with its headers, and mflt (built with cargo unless --mflt is given). The last line is
"N passed, N failed".
"""

import argparse
import base64
import hashlib
import itertools
import pathlib
import ssl
import sys
import tempfile
import time

sys.dont_write_bytecode = True  # a test run leaves nothing in the source tree
TESTS = pathlib.Path(__file__).resolve().parents[1]
sys.path += [str(TESTS / "lib"), str(TESTS / "qemu")]
import checks  # noqa: E402
import chunks  # noqa: E402
import runner  # noqa: E402
from runner import ROOT, Report, find_mflt  # noqa: E402
from server import HANG_UP, Certificates, Server  # noqa: E402

KEY = "k3yK3Yk3yK3Yk3yK3Yk3yK3Yk3yK3Y00"
AGENT = "User-Agent:MemfaultSDK/1.43.0\r\n"
ACCEPTED = [b"HTTP/1.1 202 Accepted\r\nContent-Length: 8\r\n\r\nAccepted"]
MESSAGES = 1 + len(checks.TRACES)  # the reboot, and what the example records

# Spec 70 chapter 9: length and SHA-256 of the DER form.
ROOTS = {
    "digicert": (914, "cb3ccbb76031e5e0138f8dd39a23f9de47ffc35e43c1144cea27d46a5ab1cb5f"),
    "amazon": (837, "8ecde6884f3d87b1125ba31ac3fcb13d7016de7f57cc904fe1cb97c6ae98196e"),
}

# Without PIE, so that the addresses in the events are the same in each run.
FLAGS = ["-DCMAKE_C_FLAGS=-fsanitize=address,undefined -g -fno-pie", "-DCMAKE_EXE_LINKER_FLAGS=-no-pie"]

report = Report()
check = report.check


def run(*command):
    return runner.run(*command, cwd=ROOT)


class Firmware:
    """The example."""

    def __init__(self, program):
        self.program = program

    def run(self, port, *options, host="127.0.0.1"):
        return run(self.program, host, port, *options)


def post_head(body, host="127.0.0.1"):
    """The head of an upload, to the byte (spec 70 section 4.1)."""
    return (f"POST /api/v0/chunks/EXAMPLE-0001 HTTP/1.1\r\nHost:{host}\r\n{AGENT}Memfault-Project-Key:{KEY}\r\n"
            f"Content-Type:application/octet-stream\r\nContent-Length:{len(body)}\r\n\r\n").encode()


def check_uploads(name, server, output, code, host="127.0.0.1"):
    """All messages arrived, byte by byte as they must be. Returns the bodies."""
    check(code == 0 and f"{MESSAGES} uploads accepted, 0 refused" in output, f"{name}: the example is content", output)
    wrong = [head for head, body in server.requests if head != post_head(body, host)]
    check(len(server.requests) == MESSAGES and not wrong, f"{name}: {MESSAGES} requests, each byte of their heads", wrong or server.requests)
    check(not server.surplus and not server.failures, f"{name}: nothing else was sent", server.surplus or server.failures)
    bodies = [body for _, body in server.requests]
    try:
        whole = chunks.messages(bodies)
    except chunks.ChunkError as error:
        whole = [str(error)]
    check(len(whole) == MESSAGES, f"{name}: each body is a whole message with its checksum", whole)
    return bodies


def check_content(mflt, bodies, folder):
    """What was uploaded is what was recorded, in the eyes of mflt."""
    log = folder / "uploads.log"
    log.write_text("".join(f"MC:{base64.b64encode(body).decode()}:\n" for body in bodies))
    code, messages, problems = checks.mflt_decode(mflt, log)
    events = [event for message in messages for event in message["events"]]
    traces = [checks.trace_tuple(event) for event in events if event.get("trace")]
    check(code == 0 and traces == checks.TRACES, "mflt finds the recorded events in the uploads", [*events, problems])


def in_pieces(response, size):
    return lambda head, body: [response[i : i + size] for i in range(0, len(response), size)]


def uploads(firmware, mflt, certificates, folder):
    with Server(lambda head, body: ACCEPTED) as server:
        code, output = firmware.run(server.port, "--plain")
    plain = check_uploads("plain", server, output, code)
    check_content(mflt, plain, folder)

    odd = b"HTTP/1.0   202 \r\nServer: " + b"s" * 150 + b"\r\nX:\r\ncontent-LENGTH :  300\r\n\r\n" + b"b" * 300
    for size in (1, 7, 33):
        with Server(in_pieces(odd, size)) as server:
            code, output = firmware.run(server.port, "--plain")
        check_uploads(f"odd response in pieces of {size}", server, output, code)

    for host, name in (("127.0.0.1", "IP:127.0.0.1"), ("localhost", "DNS:localhost")):
        with Server(lambda head, body: ACCEPTED, certificates.server(name)) as server:
            code, output = firmware.run(server.port, "--ca", certificates.authority, host=host)
        secure = check_uploads(f"TLS, {host}", server, output, code, host)
        check(secure == plain, f"TLS, {host}: the same bodies as without", secure)


def failures(firmware, certificates):
    """What goes wrong is told, and what was not sent is kept."""
    local = certificates.server("IP:127.0.0.1")
    other = certificates.server("DNS:other.example")
    trust = ["--ca", certificates.authority]
    for name, tls, options, reason in (("unknown authority", local, [], "unable to get"),
                                       ("certificate of another server", other, trust, "IP address mismatch"),
                                       ("server without TLS", None, trust, "")):
        with Server(lambda head, body: ACCEPTED, tls) as server:
            code, output = firmware.run(server.port, *options)
        told = output.count(f"TLS: {reason}") == output.count("Failed to create HTTP client") == 3
        check(code == 1 and told and "0 uploads accepted, 0 refused, data left" in output, f"{name}: refused, and nothing lost", output)
        check(not server.requests, f"{name}: no byte of a request went out", server.requests)

    with Server(lambda head, body: ACCEPTED) as server:
        pass  # the port is free again
    code, output = firmware.run(server.port, "--plain")
    check(code == 1 and "Cannot connect" in output and "data left" in output, "no server: told, and nothing lost", output)

    keeps_what_was_refused(firmware)

    # Whether the reset comes before the first byte, in the middle, or instead of the response is a matter of chance.
    with Server(HANG_UP) as server:
        code, output = firmware.run(server.port, "--plain")
    check(code == 1 and "0 uploads accepted" in output and "data left" in output, "a server that hangs up: told, and nothing lost", output)

    for name, file, reason in (("a file that is not there", "/no/such/file.pem", "No such file"),
                               ("a file without certificates", str(ROOT / "LICENSE-MIT"), "no certificates")):
        with Server(lambda head, body: ACCEPTED, local) as server:
            code, output = firmware.run(server.port, "--ca", file)
        told = f"Cannot trust {file}" in output and reason in output
        check(code == 1 and told and "data left" in output, f"--ca with {name}: told", output)


def endless_lines():
    while True:
        time.sleep(0.5)
        yield b"X-More: to come\r\n"


def keeps_what_was_refused(firmware):
    """The packetizer forgets a message with its last byte; a server that did not take it gets it again."""
    answers = iter([[b"HTTP/1.1 500 Internal Server Error\r\n\r\n"]])
    with Server(lambda head, body: next(answers, ACCEPTED)) as server:
        code, output = firmware.run(server.port, "--plain")
    told = output.count("Request failed. HTTP Status: 500") == 1
    check(code == 0 and told and f"{MESSAGES} uploads accepted, 1 refused" in output, "status 500 once: told once", output)
    bodies = [body for _, body in server.requests]
    again = len(bodies) == MESSAGES + 1 and bodies[0] == bodies[1] and len(set(bodies)) == MESSAGES
    check(again, "status 500 once: the message comes again", bodies)
    check(all(head == post_head(body) for head, body in server.requests), "status 500 once: each byte of the heads", server.requests)

    # The last message: the packetizer has nothing left when it has to go out again.
    answers = iter([ACCEPTED] * (MESSAGES - 1) + [[b"HTTP/1.1 503 Service Unavailable\r\n\r\n"]])
    with Server(lambda head, body: next(answers, ACCEPTED)) as server:
        code, output = firmware.run(server.port, "--plain")
    bodies = [body for _, body in server.requests]
    check(code == 0 and len(bodies) == MESSAGES + 1 and bodies[-1] == bodies[-2], "the last message refused: it comes again", output)

    # Header lines without an end keep the connection busy, which the time limit of a receive does not notice.
    with Server(lambda head, body: itertools.chain([b"HTTP/1.1 202 Accepted\r\n"], endless_lines())) as server:
        code, output = firmware.run(server.port, "--plain")
    check(code == 1 and "3 refused, data left" in output, "a response without an end: told, and it ends", output)

    for name, pieces, told in (("status 401", [b"HTTP/1.1 401 Unauthorized\r\n\r\n"], "Request failed. HTTP Status: 401"),
                               ("status 200", [b"HTTP/1.1 200 OK\r\n\r\n"], "HTTP status 200 instead of 202"),
                               ("no response", [], "No response from the server"),
                               ("half a response", [b"HTTP/1.1 202 Accepted\r\nContent-Le"], "No response from the server"),
                               ("half a body", [b"HTTP/1.1 202 Accepted\r\nContent-Length: 9\r\n\r\nAcc"], "No response from the server"),
                               ("no HTTP", [b"SSH-2.0-OpenSSH_9.2\r\n"], "does not answer in HTTP")):
        with Server(lambda head, body, pieces=pieces: pieces) as server:
            code, output = firmware.run(server.port, "--plain")
        ended = code == 1 and "0 uploads accepted, 3 refused, data left" in output and output.count(told) == 3
        check(ended and len({body for _, body in server.requests}) == 1, f"{name}: told, tried three times, and nothing lost", output)


def downloads(firmware, certificates, folder):
    """The question for a release, and the release."""
    question = ("GET /api/v0/releases/latest/url?&device_serial=EXAMPLE-0001&hardware_version=host&software_type=http_post"
                f"&current_version=1.0.0 HTTP/1.1\r\nHost:127.0.0.1\r\n{AGENT}Memfault-Project-Key:{KEY}\r\n\r\n").encode()
    image = bytes(i * 7 & 0xFF for i in range(5000))
    path = "/fw/image.bin?id=7&x=%20"
    for name, tls, options, size in (("plain", None, ["--plain"], 5200), ("plain, small pieces", None, ["--plain"], 5),
                                     ("TLS", certificates.server("IP:127.0.0.1"), ["--ca", certificates.authority], 999)):
        def answer(head, body):
            if head.startswith(b"POST"):
                return ACCEPTED
            if b"/releases/" in head:
                url = f"{'https' if tls else 'http'}://127.0.0.1:{server.port}{path}".encode()
                return [b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(url), url)]
            response = b"HTTP/1.1 200 OK\r\nContent-Type: application/octet-stream\r\nContent-Length: 5000\r\n\r\n" + image
            return [response[i : i + size] for i in range(0, len(response), size)]

        stored = folder / "image.bin"
        stored.write_bytes(b"")
        server = Server(answer, tls)
        with server:
            code, output = firmware.run(server.port, *options, "--download", stored)
        asked, fetched = ([head for head, _ in server.requests[MESSAGES:]] + [b"", b""])[:2]
        request = f"GET {path} HTTP/1.1\r\nHost:127.0.0.1\r\n{AGENT}\r\n".encode()
        check(code == 0 and "Release: 200" in output, f"release, {name}: downloaded", output)
        check(asked == question, f"release, {name}: each byte of the question", asked)
        check(fetched == request and len(server.requests) == MESSAGES + 2, f"release, {name}: each byte of the request", fetched)
        check(stored.read_bytes() == image, f"release, {name}: the file is the image", f"{stored.stat().st_size} bytes")

    nothing_newer = [b"HTTP/1.1 204 No Content\r\n\r\n"]
    stored = folder / "nothing.bin"
    with Server(lambda head, body: ACCEPTED if head.startswith(b"POST") else nothing_newer) as server:
        code, output = firmware.run(server.port, "--plain", "--download", stored)
    check(code == 0 and "Release: 204" in output and not stored.exists(), "release: there is nothing newer", output)
    cut = [b"HTTP/1.1 200 OK\r\nContent-Length: 128\r\n\r\n" + b"http://h/" + b"x" * 119]
    with Server(lambda head, body: ACCEPTED if head.startswith(b"POST") else cut) as server:
        code, output = firmware.run(server.port, "--plain", "--download", stored)
    told = "too long" in output and "Release: -1" in output
    check(code == 1 and told and not stored.exists(), "release: a URL that is too long is not used", output)

    for name, image in (("half an image", b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n" + b"i" * 50),
                        ("no image", b"HTTP/1.1 404 Not Found\r\nContent-Length: 2\r\n\r\nno")):
        def broken(head, body, image=image):
            if head.startswith(b"POST"):
                return ACCEPTED
            url = f"http://127.0.0.1:{server.port}/image".encode()
            return [b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(url), url)] if b"/releases/" in head else [image]

        server = Server(broken)
        with server:
            code, output = firmware.run(server.port, "--plain", "--download", stored)
        told = "The release was not downloaded whole" in output and "Release: -1" in output
        check(code == 1 and told and not stored.exists(), f"release: {name}: told, and no file is left", output)


def root_certificates(build, folder):
    """The certificates are those of the certification authorities."""
    program = folder / "root_certs"
    code, output = run("gcc", "-std=c99", "-Wall", "-Wextra", "-Wpedantic", "-Werror", "-I", ROOT / "include",
                       ROOT / "tests/http/root_certs.c", build / "memfault-rs/libmemfault_rs.a", "-Wl,--gc-sections", "-o", program)
    if not check(code == 0, "root certificates: they need no hook", output):
        return
    lines = dict(line.split(" ", 1) for line in run(program)[1].splitlines())
    pem = {}
    for name, (length, digest) in ROOTS.items():
        der = bytes.fromhex(lines[name])
        check(len(der) == length and hashlib.sha256(der).hexdigest() == digest, f"root certificate {name}: length and digest of the DER form")
        pem[name] = bytes.fromhex(lines[f"{name}_pem"]).decode()
        body = base64.b64encode(der).decode()
        rows = [body[i : i + 64] for i in range(0, len(body), 64)]
        wanted = "\n".join(["-----BEGIN CERTIFICATE-----", *rows, "-----END CERTIFICATE-----", ""])
        check(pem[name] == wanted, f"root certificate {name}: the PEM form is the same certificate", pem[name])
        trusted = ssl.create_default_context(cadata=pem[name])
        check(trusted.get_ca_certs(binary_form=True)[-1:] != [] and der in trusted.get_ca_certs(binary_form=True),
              f"root certificate {name}: a TLS library takes it as an authority")
    check(bytes.fromhex(lines["both_pem"]).decode() == pem["digicert"] + pem["amazon"], "root certificates: both in one literal")
    check(lines["sizes"] == "1295 1189 2483", "root certificates: sizeof", lines["sizes"])


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--build", type=pathlib.Path, default=ROOT / "build/http")
    parser.add_argument("--mflt", type=pathlib.Path)
    options = parser.parse_args()
    build = options.build / "http_post"
    code, output = run("cmake", "-S", ROOT / "c_examples/http_post", "-B", build, *FLAGS)
    if code == 0:
        code, output = run("cmake", "--build", build)
    if check(code == 0 and "no OpenSSL" not in output, "the example builds without a warning, with TLS", output[-3000:]):
        options.mflt = find_mflt(options.mflt)
        with tempfile.TemporaryDirectory() as folder:
            folder = pathlib.Path(folder)
            certificates = Certificates(folder)
            firmware = Firmware(build / "http_post")
            uploads(firmware, options.mflt, certificates, folder)
            failures(firmware, certificates)
            downloads(firmware, certificates, folder)
            root_certificates(build, folder)
    return report.finish()


if __name__ == "__main__":
    sys.exit(main())

"""A server that keeps every byte it gets, and answers as it is told."""

import re
import socket
import ssl
import struct
import subprocess
import threading

TIMEOUT_S = 10
HANG_UP = object()  # an answer: closes with a reset, without reading


class Server:
    """Listens on 127.0.0.1 while it is a context. `answer(head, body)` gives a list of pieces; an empty list is no response.

    `requests` are pairs of head and body; `surplus` are bytes that came behind a request; `failures` are connections that broke.
    """

    def __init__(self, answer, tls=None):
        self.answer = answer
        self.tls = tls
        self.requests = []
        self.surplus = []
        self.failures = []
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.thread = threading.Thread(target=self.serve, daemon=True)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        self.thread.join(TIMEOUT_S)

    def serve(self):
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            connection.settimeout(TIMEOUT_S)
            try:
                self.converse(connection)
            except (OSError, ValueError) as error:
                self.failures.append(error)
            finally:
                connection.close()

    def converse(self, connection):
        if self.answer is HANG_UP:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            return
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if self.tls:
            connection = self.tls.wrap_socket(connection, server_side=True)
        with connection:
            data = b""
            while b"\r\n\r\n" not in data:
                data += self.more(connection)
            head, _, body = data.partition(b"\r\n\r\n")
            head += b"\r\n\r\n"
            length = re.search(rb"\r\nContent-Length:(\d+)\r\n", head)
            length = int(length[1]) if length else 0
            while len(body) < length:
                body += self.more(connection)
            self.requests.append((head, body[:length]))
            for piece in self.answer(head, body[:length]):
                connection.sendall(piece)
            if not self.tls:
                connection.shutdown(socket.SHUT_WR)
            # The client closes when it has its response.
            surplus = body[length:] + connection.recv(4096)
            if surplus:
                self.surplus.append(surplus)

    @staticmethod
    def more(connection):
        data = connection.recv(4096)
        if not data:
            raise ValueError("the request ends in the middle")
        return data


class Certificates:
    """A certification authority of our own, and servers that it vouches for."""

    def __init__(self, folder):
        self.folder = folder
        self.authority = folder / "ca.pem"
        self.openssl("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=memfault-rs test",
                     "-keyout", folder / "ca.key", "-out", self.authority)

    def openssl(self, *arguments):
        subprocess.run(["openssl", *map(str, arguments)], check=True, capture_output=True)

    def server(self, name):
        """The TLS of a server whose certificate is for `name`, written as "DNS:..." or "IP:..."."""
        base = self.folder / re.sub(r"\W", "_", name)
        key, request, certificate, extension = (base.with_suffix(s) for s in (".key", ".csr", ".pem", ".ext"))
        extension.write_text(f"subjectAltName={name}\n")
        self.openssl("req", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=test server", "-keyout", key, "-out", request)
        self.openssl("x509", "-req", "-in", request, "-CA", self.authority, "-CAkey", self.folder / "ca.key",
                     "-CAcreateserial", "-days", "2", "-extfile", extension, "-out", certificate)
        tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        tls.load_cert_chain(certificate, key)
        return tls

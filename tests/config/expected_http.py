"""What each option of HTTP must change in the output of firmware_http/effects.c: spec 70 chapters 2 and 4."""

from expected import Case

DEFAULTS = {
    "chunks_host": "chunks.memfault.com",
    "device_host": "device.memfault.com",
    "own_chunks_host": "own.example",
    "own_device_host": "own.example",
    "chunk_url": "https://own.example/api/v0/chunks/s",
    "port": "443",
    "longest_value": "47",
}

# Values of one character need two bytes.
NO_VALUE = {"device_host": "-", "own_device_host": "-", "longest_value": "0"}

CASES = [
    Case({}),
    Case({"HTTP_CHUNKS_API_HOST": '"c.example"'}, {"chunks_host": "c.example"}),
    Case({"HTTP_CHUNKS_API_HOST": "settings_host()"}, {"chunks_host": "settings.example"}),
    Case({"HTTP_DEVICE_API_HOST": '"d.example"'}, {"device_host": "d.example"}),
    Case({"HTTP_APIS_DEFAULT_PORT": 80}, {"port": "80"}),
    Case({"DEVICE_INFO_URL_ENCODED_MAX_LEN": 64}, {"longest_value": "63"}),
    Case({"DEVICE_INFO_URL_ENCODED_MAX_LEN": 2}, {"longest_value": "1"}),
    Case({"DEVICE_INFO_URL_ENCODED_MAX_LEN": 1}, NO_VALUE),
    Case({"DEVICE_INFO_URL_ENCODED_MAX_LEN": 0}, NO_VALUE),
]

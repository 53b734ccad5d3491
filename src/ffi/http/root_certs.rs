//! `memfault/http/root_certs.h` (spec 70 chapter 9): root certificates of the servers that chunks go to.
//!
//! Both certificates are public. As text (PEM) they are string literals, usable next to other literals and as array initialisers; as
//! bytes (DER) they are arrays in the library. Firmware that has the literals only needs no library.

// The bytes are those of Debian's package ca-certificates (20230311+deb12u1), which carries what the certification authorities publish:
// DigiCert_Global_Root_G2.pem and Amazon_Root_CA_1.pem, converted with `openssl x509 -outform der`. SHA-256 of the files:
//
// cb3ccbb76031e5e0138f8dd39a23f9de47ffc35e43c1144cea27d46a5ab1cb5f  digicert_global_root_g2.der
// 8ecde6884f3d87b1125ba31ac3fcb13d7016de7f57cc904fe1cb97c6ae98196e  amazon_root_ca1.der
//
// C header:
// | #include <stddef.h>
// | #include <stdint.h>
// |
// | /** DigiCert Global Root G2, valid until 2038-01-15. */
// | #define MEMFAULT_ROOT_CERTS_DIGICERT_GLOBAL_ROOT_G2 \
// |   "-----BEGIN CERTIFICATE-----\n" \
// |   "MIIDjjCCAnagAwIBAgIQAzrx5qcRqaC7KGSxHQn65TANBgkqhkiG9w0BAQsFADBh\n" \
// |   "MQswCQYDVQQGEwJVUzEVMBMGA1UEChMMRGlnaUNlcnQgSW5jMRkwFwYDVQQLExB3\n" \
// |   "d3cuZGlnaWNlcnQuY29tMSAwHgYDVQQDExdEaWdpQ2VydCBHbG9iYWwgUm9vdCBH\n" \
// |   "MjAeFw0xMzA4MDExMjAwMDBaFw0zODAxMTUxMjAwMDBaMGExCzAJBgNVBAYTAlVT\n" \
// |   "MRUwEwYDVQQKEwxEaWdpQ2VydCBJbmMxGTAXBgNVBAsTEHd3dy5kaWdpY2VydC5j\n" \
// |   "b20xIDAeBgNVBAMTF0RpZ2lDZXJ0IEdsb2JhbCBSb290IEcyMIIBIjANBgkqhkiG\n" \
// |   "9w0BAQEFAAOCAQ8AMIIBCgKCAQEAuzfNNNx7a8myaJCtSnX/RrohCgiN9RlUyfuI\n" \
// |   "2/Ou8jqJkTx65qsGGmvPrC3oXgkkRLpimn7Wo6h+4FR1IAWsULecYxpsMNzaHxmx\n" \
// |   "1x7e/dfgy5SDN67sH0NO3Xss0r0upS/kqbitOtSZpLYl6ZtrAGCSYP9PIUkY92eQ\n" \
// |   "q2EGnI/yuum06ZIya7XzV+hdG82MHauVBJVJ8zUtluNJbd134/tJS7SsVQepj5Wz\n" \
// |   "tCO7TG1F8PapspUwtP1MVYwnSlcUfIKdzXOS0xZKBgyMUNGPHgm+F6HmIcr9g+UQ\n" \
// |   "vIOlCsRnKPZzFBQ9RnbDhxSJITRNrw9FDKZJobq7nMWxM4MphQIDAQABo0IwQDAP\n" \
// |   "BgNVHRMBAf8EBTADAQH/MA4GA1UdDwEB/wQEAwIBhjAdBgNVHQ4EFgQUTiJUIBiV\n" \
// |   "5uNu5g/6+rkS7QYXjzkwDQYJKoZIhvcNAQELBQADggEBAGBnKJRvDkhj6zHd6mcY\n" \
// |   "1Yl9PMWLSn/pvtsrF9+wX3N3KjITOYFnQoQj8kVnNeyIv/iPsGEMNKSuIEyExtv4\n" \
// |   "NeF22d+mQrvHRAiGfzZ0JFrabA0UWTW98kndth/Jsw1HKj2ZL7tcu7XUIOGZX1NG\n" \
// |   "Fdtom/DzMNU+MeKNhJ7jitralj41E6Vf8PlwUHBHQRFXGU7Aj64GxJUTFy8bJZ91\n" \
// |   "8rGOmaFvE7FBcf6IKshPECBV1/MUReXgRPTqh5Uykw7+U0b6LJ3/iyK5S9kJRaTe\n" \
// |   "pLiaWN0bfVKfjllDiIGknibVb63dDcY3fe0Dkhvld1927jyNxF1WW6LZZm6zNTfl\n" \
// |   "MrY=\n" \
// |   "-----END CERTIFICATE-----\n"
// |
// | /** Amazon Root CA 1, valid until 2038-01-17. */
// | #define MEMFAULT_ROOT_CERTS_AMAZON_ROOT_CA1 \
// |   "-----BEGIN CERTIFICATE-----\n" \
// |   "MIIDQTCCAimgAwIBAgITBmyfz5m/jAo54vB4ikPmljZbyjANBgkqhkiG9w0BAQsF\n" \
// |   "ADA5MQswCQYDVQQGEwJVUzEPMA0GA1UEChMGQW1hem9uMRkwFwYDVQQDExBBbWF6\n" \
// |   "b24gUm9vdCBDQSAxMB4XDTE1MDUyNjAwMDAwMFoXDTM4MDExNzAwMDAwMFowOTEL\n" \
// |   "MAkGA1UEBhMCVVMxDzANBgNVBAoTBkFtYXpvbjEZMBcGA1UEAxMQQW1hem9uIFJv\n" \
// |   "b3QgQ0EgMTCCASIwDQYJKoZIhvcNAQEBBQADggEPADCCAQoCggEBALJ4gHHKeNXj\n" \
// |   "ca9HgFB0fW7Y14h29Jlo91ghYPl0hAEvrAIthtOgQ3pOsqTQNroBvo3bSMgHFzZM\n" \
// |   "9O6II8c+6zf1tRn4SWiw3te5djgdYZ6k/oI2peVKVuRF4fn9tBb6dNqcmzU5L/qw\n" \
// |   "IFAGbHrQgLKm+a/sRxmPUDgH3KKHOVj4utWp+UhnMJbulHheb4mjUcAwhmahRWa6\n" \
// |   "VOujw5H5SNz/0egwLX0tdHA114gk957EWW67c4cX8jJGKLhD+rcdqsq08p8kDi1L\n" \
// |   "93FcXmn/6pUCyziKrlA4b9v7LWIbxcceVOF34GfID5yHI9Y/QCB/IIDEgEw+OyQm\n" \
// |   "jgSubJrIqg0CAwEAAaNCMEAwDwYDVR0TAQH/BAUwAwEB/zAOBgNVHQ8BAf8EBAMC\n" \
// |   "AYYwHQYDVR0OBBYEFIQYzIU07LwMlJQuCFmcx7IQTgoIMA0GCSqGSIb3DQEBCwUA\n" \
// |   "A4IBAQCY8jdaQZChGsV2USggNiMOruYou6r4lK5IpDB/G/wkjUu0yKGX9rbxenDI\n" \
// |   "U5PMCCjjmCXPI6T53iHTfIUJrU6adTrCC2qJeHZERxhlbI1Bjjt/msv0tadQ1wUs\n" \
// |   "N+gDS63pYaACbvXy8MWy7Vu33PqUXHeeE6V/Uq2V8viTO96LXFvKWlJbYK8U90vv\n" \
// |   "o/ufQJVtMVT8QtPHRh8jrdkPSHCa2XV4cdFyQzR1bldZwgJcJmApzyMZFo6IQ6XU\n" \
// |   "5MsI+yMRQ+hDKXJioaldXgjUkK642M4UwtBV8ob2xJNDd2ZhwLnoQdeXeGADbkpy\n" \
// |   "rqXRfboQnoZsG4q5WTP468SQvvG5\n" \
// |   "-----END CERTIFICATE-----\n"
// |
// | /** Both, for TLS libraries that take a bundle. */
// | #define MEMFAULT_ROOT_CERTS_PEM \
// |   MEMFAULT_ROOT_CERTS_DIGICERT_GLOBAL_ROOT_G2 MEMFAULT_ROOT_CERTS_AMAZON_ROOT_CA1
// |
// | /** The same certificates as DER, and their lengths in bytes. */
// | extern const uint8_t g_memfault_cert_digicert_global_root_g2[];
// | extern const size_t g_memfault_cert_digicert_global_root_g2_len;
// |
// | extern const uint8_t g_memfault_cert_amazon_root_ca1[];
// | extern const size_t g_memfault_cert_amazon_root_ca1_len;

const DIGICERT_LEN: usize = 914;
const AMAZON_LEN: usize = 837;

/// DigiCert Global Root G2.
/// cbindgen:ignore
#[unsafe(no_mangle)]
pub static g_memfault_cert_digicert_global_root_g2: [u8; DIGICERT_LEN] =
    *include_bytes!("root_certs/digicert_global_root_g2.der");

/// Its length in bytes.
/// cbindgen:ignore
#[unsafe(no_mangle)]
pub static g_memfault_cert_digicert_global_root_g2_len: usize = DIGICERT_LEN;

/// Amazon Root CA 1.
/// cbindgen:ignore
#[unsafe(no_mangle)]
pub static g_memfault_cert_amazon_root_ca1: [u8; AMAZON_LEN] = *include_bytes!("root_certs/amazon_root_ca1.der");

/// Its length in bytes.
/// cbindgen:ignore
#[unsafe(no_mangle)]
pub static g_memfault_cert_amazon_root_ca1_len: usize = AMAZON_LEN;

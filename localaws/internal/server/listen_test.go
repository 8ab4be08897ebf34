package server

import (
	"crypto/tls"
	"net"
	"net/http"
	"net/netip"
	"os"
	"strconv"
	"strings"
	"testing"
)

func itoa(n int64) string { return strconv.FormatInt(n, 10) }

func TestUnsignedRequest(t *testing.T) {
	t.Parallel()
	s := startEcho(t, Options{})
	c := client(t, s)
	tests := map[string]struct {
		method, path string
		headers      map[string]string
		status       int
		body         string
	}{
		"S3 is anonymous":  {"GET", "/bucket/key", nil, 200, ""},
		"JSON service":     {"POST", "/", map[string]string{"X-Amz-Target": "TrentService.Decrypt"}, 400, "MissingAuthenticationTokenException"},
		"query service":    {"POST", "/", map[string]string{"Content-Type": "application/x-www-form-urlencoded"}, 403, "<Code>MissingAuthenticationToken</Code>"},
		"query with GET":   {"GET", "/?Action=GetCallerIdentity", nil, 403, "<Code>MissingAuthenticationToken</Code>"},
		"Lambda":           {"POST", "/2015-03-31/functions/f/invocations", nil, 403, "missing Authentication Token"},
		"Signature 2":      {"GET", "/b", map[string]string{"Authorization": "AWS AKIA:c2ln"}, 400, "Please use AWS4-HMAC-SHA256"},
		"Signature 2 URL":  {"GET", "/b?AWSAccessKeyId=AKIA&Signature=c2ln&Expires=1", nil, 400, "Please use AWS4-HMAC-SHA256"},
		"broken scope":     {"GET", "/b", map[string]string{"X-Amz-Date": "20261122T120000Z", "Authorization": algorithm + " Credential=a/b, SignedHeaders=host, Signature=" + emptyHash}, 400, "AuthorizationHeaderMalformed"},
		"no host signed":   {"GET", "/b", map[string]string{"X-Amz-Date": "20261122T120000Z", "Authorization": algorithm + " Credential=" + longTerm + "/20261122/eu-west-1/s3/aws4_request, SignedHeaders=x-amz-date, Signature=" + emptyHash}, 400, "must be a"},
		"query malformed":  {"GET", "/b?a=%zz", nil, 400, "not well-formed"},
		"header malformed": {"GET", "/b", map[string]string{"X-Amz-Date": "20261122T120000Z", "Authorization": algorithm + " Credential"}, 400, "AuthorizationHeaderMalformed"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := request(t, test.method, s.URL()+test.path, "")
			for k, v := range test.headers {
				r.Header.Set(k, v)
			}
			resp, body := do(t, c, r)
			if resp.StatusCode != test.status || !strings.Contains(body, test.body) {
				t.Fatalf("%s %s, want %d with %q", resp.Status, body, test.status, test.body)
			}
			if test.status == 200 && (resp.Header.Get("Echo-Caller") != "anonymous" || resp.Header.Get("Echo-Account") != "" || resp.Header.Get("Echo-Signed") != "false") {
				t.Errorf("not anonymous: %v", resp.Header)
			}
		})
	}
}

func TestUnknownServiceIsRefusedByName(t *testing.T) {
	t.Parallel()
	s := startEcho(t, Options{})
	c := client(t, s)
	for name, headers := range map[string]map[string]string{
		"JSON":  {"X-Amz-Target": "DynamoDB_20120810.ListTables"},
		"query": {"Content-Type": "application/x-www-form-urlencoded"},
		"REST":  nil,
	} {
		r := request(t, "POST", s.URL()+"/", "")
		for k, v := range headers {
			r.Header.Set(k, v)
		}
		good("dynamodb").sign(t, r, "")
		resp, body := do(t, c, r)
		if resp.StatusCode < 400 || !strings.Contains(body, "dynamodb") {
			t.Errorf("%s: %s %s", name, resp.Status, body)
		}
	}
}

// TestStreamingPayloadIsLeftToS3: the front door checks the seed signature and
// hands the body on as it came.
func TestStreamingPayloadIsLeftToS3(t *testing.T) {
	t.Parallel()
	s := startEcho(t, Options{})
	c := client(t, s)
	for payload := range streaming {
		g := good("s3")
		g.payload = payload
		r := request(t, "PUT", s.URL()+"/bucket/key", "chunks")
		g.sign(t, r, "")
		resp, body := do(t, c, r)
		if resp.StatusCode != 200 || body != "chunks" || resp.Header.Get("Echo-Payload") != payload {
			t.Errorf("%s: %s %q, payload %q", payload, resp.Status, body, resp.Header.Get("Echo-Payload"))
		}
		r = request(t, "PUT", s.URL()+"/bucket/key", "chunks")
		g.secret = "wrong"
		g.sign(t, r, "")
		if resp, _ := do(t, c, r); resp.StatusCode != 403 {
			t.Errorf("%s with a wrong secret: %s", payload, resp.Status)
		}
	}
	g := good("s3")
	g.payload = "STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD"
	r := request(t, "PUT", s.URL()+"/bucket/key", "chunks")
	g.sign(t, r, "")
	if resp, body := do(t, c, r); resp.StatusCode != 400 || !strings.Contains(body, "SigV4A") {
		t.Errorf("SigV4A chunks: %s %s", resp.Status, body)
	}
}

func TestAddressBeyondLoopbackIsRefused(t *testing.T) {
	t.Parallel()
	for _, address := range []string{"0.0.0.0:0", "[::]:0", ":0", "192.0.2.1:0", "localhost:0", "example.com:443"} {
		s, err := Start(Options{Address: address})
		if err == nil {
			s.Close()
			t.Errorf("%s: listening at %s", address, s.URL())
		}
	}
}

// TestNothingListensBeyondLoopback asks the kernel for all listening sockets of
// this process.
func TestNothingListensBeyondLoopback(t *testing.T) {
	s := startEcho(t, Options{PlainHTTP: true})
	inodes := sockets(t)
	found := 0
	for _, table := range []string{"/proc/self/net/tcp", "/proc/self/net/tcp6"} {
		b, err := os.ReadFile(table)
		if err != nil {
			t.Skip("no socket table on this system:", err)
		}
		for line := range strings.Lines(string(b)) {
			f := strings.Fields(line)
			if len(f) < 10 || f[3] != "0A" || !inodes[f[9]] { // 0A: listening
				continue
			}
			found++
			address, _, _ := strings.Cut(f[1], ":")
			if address != "0100007F" { // 127.0.0.1, least byte first
				t.Errorf("%s: a socket listens on %s", table, f[1])
			}
		}
	}
	if found < 2 {
		t.Errorf("%d listening sockets found, want those of %s and %s", found, s.URL(), s.PlainURL())
	}
}

// sockets are the inodes of this process's sockets.
func sockets(t *testing.T) map[string]bool {
	t.Helper()
	entries, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		t.Skip("no descriptors to read on this system:", err)
	}
	inodes := map[string]bool{}
	for _, e := range entries {
		link, err := os.Readlink("/proc/self/fd/" + e.Name())
		if inode, ok := strings.CutPrefix(link, "socket:["); err == nil && ok {
			inodes[strings.TrimSuffix(inode, "]")] = true
		}
	}
	return inodes
}

func TestTLS(t *testing.T) {
	t.Parallel()
	s := startEcho(t, Options{})
	t.Run("own authority only", func(t *testing.T) {
		resp, err := http.Get(s.URL())
		if err == nil {
			resp.Body.Close()
			t.Error("a client that doesn't have the CA trusts the server")
		}
	})
	t.Run("TLS 1.1 is refused", func(t *testing.T) {
		c, err := tls.Dial("tcp", strings.TrimPrefix(s.URL(), "https://"), &tls.Config{
			InsecureSkipVerify: true, MinVersion: tls.VersionTLS10, MaxVersion: tls.VersionTLS11,
		})
		if err == nil {
			c.Close()
			t.Error("connected")
		}
	})
	t.Run("TLS 1.2 is told from 1.3", func(t *testing.T) {
		c := client(t, s)
		c.Transport.(*http.Transport).TLSClientConfig.MaxVersion = tls.VersionTLS12
		resp, _ := do(t, c, request(t, "GET", s.URL()+"/b", ""))
		if got := resp.Header.Get("Echo-Key-s3-TlsVersion"); got != "1.2" {
			t.Errorf("s3:TlsVersion %q", got)
		}
	})
	t.Run("name and address", func(t *testing.T) {
		c := client(t, s)
		_, port, _ := net.SplitHostPort(strings.TrimPrefix(s.URL(), "https://"))
		resp, _ := do(t, c, request(t, "GET", "https://localhost:"+port+"/b", ""))
		if resp.StatusCode != 200 {
			t.Error(resp.Status)
		}
	})
}

func TestPlainHTTP(t *testing.T) {
	t.Parallel()
	s := startEcho(t, Options{PlainHTTP: true})
	r := request(t, "PUT", s.PlainURL()+"/bucket/key", "x")
	good("s3").sign(t, r, "x")
	resp, body := do(t, client(t, s), r)
	if resp.StatusCode != 200 {
		t.Fatalf("%s %s", resp.Status, body)
	}
	if got := resp.Header.Get("Echo-Key-aws-SecureTransport"); got != "false" {
		t.Errorf("aws:SecureTransport %q", got)
	}
	if got, ok := resp.Header["Echo-Key-S3-Tlsversion"]; ok {
		t.Errorf("s3:TlsVersion %q without TLS", got)
	}
	if s := startEcho(t, Options{}); s.PlainURL() != "" {
		t.Errorf("plain listener without being asked for: %s", s.PlainURL())
	}
}

func TestCloseEndsListening(t *testing.T) {
	t.Parallel()
	s := startEcho(t, Options{PlainHTTP: true})
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	for _, url := range []string{s.URL(), s.PlainURL()} {
		address := url[strings.Index(url, "//")+2:]
		if _, err := netip.ParseAddrPort(address); err != nil {
			t.Fatal(err)
		}
		if c, err := net.Dial("tcp", address); err == nil {
			c.Close()
			t.Errorf("%s still accepts connections", url)
		}
	}
}

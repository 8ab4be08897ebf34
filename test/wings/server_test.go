package wings

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/xml"
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"

	"github.com/s3seal/s3seal/localaws"
)

// cloud is a local AWS with a client's means to call it.
type cloud struct {
	*localaws.Server
	http  *http.Client
	close func()
}

func start(t *testing.T, accounts, regions []string) cloud {
	t.Helper()
	s, err := localaws.Start(localaws.Options{Accounts: accounts, Regions: regions, PlainHTTP: true})
	if err != nil {
		t.Fatal(err)
	}
	c := cloud{s, s.HTTPClient(), sync.OnceFunc(func() {
		if err := s.Close(); err != nil {
			t.Errorf("Close: %v", err)
		}
	})}
	t.Cleanup(c.close)
	return c
}

// config is that of an SDK client of the account's administrator.
func (c cloud) config(account, region string) aws.Config {
	config := c.Config(c.Credentials(account))
	config.Region, config.RetryMaxAttempts = region, 1
	return config
}

// query calls an operation of a service with the Query protocol, and reads its
// answer into out; refusal is what the service said against it.
func (c cloud) query(t *testing.T, account, region, service string, out any, parameters ...string) (refusal string) {
	t.Helper()
	form := url.Values{"Version": {map[string]string{"cloudformation": "2010-05-15", "iam": "2010-05-08"}[service]}}
	for _, p := range parameters {
		name, value, _ := strings.Cut(p, "=")
		form.Set(name, value)
	}
	body := form.Encode()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, c.URL()+"/", strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	sum := sha256.Sum256([]byte(body))
	k := c.Credentials(account)
	keys := aws.Credentials{AccessKeyID: k.AccessKeyID, SecretAccessKey: k.SecretAccessKey}
	if err := v4.NewSigner().SignHTTP(t.Context(), keys, r, hex.EncodeToString(sum[:]), service, region, time.Now()); err != nil {
		t.Fatal(err)
	}
	answer, err := c.http.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	var failed struct {
		Message string `xml:"Error>Message"`
	}
	if answer.StatusCode != http.StatusOK {
		out = &failed
	}
	if out == nil {
		return ""
	}
	if err := xml.Unmarshal(text, out); err != nil {
		t.Fatalf("%s %s: %v: %s", service, parameters[0], err, text)
	}
	return failed.Message
}

package localaws_test

import (
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sts"

	"github.com/s3seal/s3seal/iam"
	"github.com/s3seal/s3seal/localaws"
)

const (
	source  = "111122223333"
	replica = "444455556666"
)

// start runs a local AWS of two accounts for one test.
func start(t *testing.T, change ...func(*localaws.Options)) *localaws.Server {
	t.Helper()
	o := localaws.Options{Accounts: []string{source, replica}, Regions: []string{"eu-west-1"}}
	for _, f := range change {
		f(&o)
	}
	s, err := localaws.Start(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Errorf("Close: %v", err)
		}
	})
	return s
}

// config is that of an SDK client with these keys; a refusal isn't tried again.
func config(s *localaws.Server, k localaws.Credentials) aws.Config {
	c := s.Config(k)
	c.RetryMaxAttempts = 1
	return c
}

func stsClient(s *localaws.Server, k localaws.Credentials) *sts.Client {
	return sts.NewFromConfig(config(s, k))
}

// clock is a time that a test moves.
type clock struct{ offset time.Duration }

func (c *clock) now() time.Time { return time.Now().Add(c.offset) }

func statement(effect iam.Effect, action, resource string) iam.Document {
	return iam.Document{Version: iam.Version, Statement: []iam.Statement{
		{Effect: effect, Action: iam.Strings{action}, Resource: iam.Strings{resource}},
	}}
}

func trust(principals ...string) iam.Document {
	return iam.Document{Version: iam.Version, Statement: []iam.Statement{
		{Effect: iam.Allow, Action: iam.Strings{"sts:AssumeRole"}, Principal: &iam.Principal{AWS: principals}},
	}}
}

package managedpolicy

import (
	"strings"
	"testing"
	"time"

	"github.com/s3seal/s3seal/iam"
)

// A text that can't be parsed would end the program of whoever attaches it.
func TestEveryPolicyIsParsed(t *testing.T) {
	t.Parallel()
	if n := len(Names()); n < 100 {
		t.Fatalf("%d policies", n)
	}
	for name, read := range index() {
		p, err := read()
		if err != nil {
			t.Error(err)
			continue
		}
		if p.Name() != name || !strings.HasPrefix(p.ARN, prefix) || len(p.Document.Statement) == 0 {
			t.Errorf("%s: %+v", name, p)
		}
		if _, err := time.Parse(time.DateOnly, p.Edited); err != nil || !strings.HasPrefix(p.Version, "v") {
			t.Errorf("%s: version %q of %q", name, p.Version, p.Edited)
		}
	}
}

// A policy of another path, partition or account is another policy.
func TestFind(t *testing.T) {
	t.Parallel()
	for arn, want := range map[string]bool{
		"arn:aws:iam::aws:policy/AmazonS3FullAccess":                       true,
		"arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole": true,
		"arn:aws:iam::aws:policy/AWSLambdaBasicExecutionRole":              false,
		"arn:aws:iam::aws:policy/NoSuchPolicy":                             false,
		"arn:aws-cn:iam::aws:policy/AmazonS3FullAccess":                    false,
		"arn:aws:iam::111122223333:policy/AmazonS3FullAccess":              false,
	} {
		p, ok := Find(arn)
		if ok != want || ok && p.ARN != arn {
			t.Errorf("%s: found %v, %s", arn, ok, p.ARN)
		}
	}
}

func BenchmarkFindLargest(b *testing.B) {
	for b.Loop() {
		if _, err := parse("ReadOnlyAccess.json"); err != nil {
			b.Fatal(err)
		}
	}
}

// The longest policy lists two thousand actions.
func BenchmarkEvaluateLargest(b *testing.B) {
	p, ok := Find(prefix + "ReadOnlyAccess")
	if !ok {
		b.Fatal("no such policy")
	}
	r := iam.Request{Caller: iam.User("arn:aws:iam::111122223333:user/ann"), Action: "s3:PutObject", Resource: "arn:aws:s3:::data/x", ResourceAccount: "111122223333"}
	for b.Loop() {
		iam.Evaluate(r, iam.Policies{Identity: []iam.Source{{Name: p.Name(), Document: p.Document}}})
	}
}

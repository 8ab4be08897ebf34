// Package accounttest deploys what a stage has for SSE-C into a local AWS, for
// the tests of what works on a stage's account.
package accounttest

import (
	"archive/zip"
	"bytes"
	_ "embed"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation/types"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	s3types "github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"

	"github.com/s3seal/s3seal/internal/account"
	"github.com/s3seal/s3seal/internal/ssec"
	"github.com/s3seal/s3seal/internal/stage"
	"github.com/s3seal/s3seal/localaws"
)

// Stages is a stages.yaml: the stage dev is deployed; the stages other, of another
// account, and copied, of the same, are not.
const Stages = `stages:
  dev:
    prefix: acme-dev
    source: {account: "111122223333", region: eu-west-1}
    patterns: [sse-c]
  other:
    prefix: acme-other
    source: {account: "444455556666", region: eu-west-1}
  copied:
    prefix: acme-copied
    source: {account: "111122223333", region: eu-west-1}
    replica: {account: "444455556666", region: eu-west-1, repair: true}
`

// The template of the stack dev-buckets: a versioned bucket, a key ring, and
// functions that read it.
//
//go:embed buckets.json
var template string

// World is a local AWS with the stage dev.
type World struct {
	Server *localaws.Server
	Stage  *stage.Stage // dev
	Other  *stage.Stage // not deployed
}

// New deploys. The test's end takes all away.
func New(t testing.TB) *World {
	t.Helper()
	server, err := localaws.Start(localaws.Options{Accounts: []string{"111122223333", "444455556666"}, Regions: []string{"eu-west-1"}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := server.Close(); err != nil {
			t.Error(err)
		}
	})
	file, err := stage.Parse("stages.yaml", []byte(Stages))
	if err != nil {
		t.Fatal(err)
	}
	w := &World{Server: server, Stage: &file.Stages[0], Other: &file.Stages[1]}
	w.deploy(t)
	return w
}

// Open opens the account of the stage dev, as its administrator.
func (w *World) Open(t testing.TB) *account.Account {
	t.Helper()
	a, err := account.Open(t.Context(), w.Stage, w.As(w.Server.Credentials(w.Stage.Source.Account)))
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// Put puts an object as the put function does: under the primary key of the ring,
// which its tag names.
func (w *World) Put(t testing.TB, key, body string) {
	t.Helper()
	a := w.Open(t)
	deployed, err := a.SSEC(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	ring, err := ssec.NewSource(secretsmanager.NewFromConfig(a.Config), deployed.SecretARN).Ring(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	id, primary := ring.Primary()
	in := &s3.PutObjectInput{Bucket: &deployed.Bucket, Key: &key, Body: strings.NewReader(body), Tagging: aws.String(ssec.KeyIDTag + "=" + id)}
	in.SSECustomerAlgorithm, in.SSECustomerKey, in.SSECustomerKeyMD5 = primary.Customer()
	if _, err := s3.NewFromConfig(a.Config).PutObject(t.Context(), in); err != nil {
		t.Fatal(err)
	}
}

// Environment is that of a terminal with a profile for each stage, the first of
// which is dev.
func (w *World) Environment(t testing.TB) map[string]string {
	t.Helper()
	var profiles []localaws.Profile
	for _, s := range []*stage.Stage{w.Stage, w.Other} {
		profiles = append(profiles, localaws.Profile{Name: s.Name, Account: s.Source.Account, Region: s.Source.Region})
	}
	env, err := w.Server.WriteProfiles(profiles...)
	if err != nil {
		t.Fatal(err)
	}
	return map[string]string{
		"AWS_CONFIG_FILE": filepath.Join(filepath.Dir(env), "config"), "AWS_SHARED_CREDENTIALS_FILE": os.DevNull, "AWS_PROFILE": w.Stage.Name,
	}
}

// As are the options of a terminal with these keys.
func (w *World) As(k localaws.Credentials) account.Options {
	return account.Options{Load: []func(*config.LoadOptions) error{
		config.WithSharedConfigFiles([]string{os.DevNull}), config.WithSharedCredentialsFiles([]string{os.DevNull}),
		config.WithBaseEndpoint(w.Server.URL()), config.WithCustomCABundle(bytes.NewReader(w.Server.CA())),
		config.WithCredentialsProvider(credentials.NewStaticCredentialsProvider(k.AccessKeyID, k.SecretAccessKey, k.SessionToken)),
	}}
}

func (w *World) deploy(t testing.TB) {
	t.Helper()
	ctx, cfg := t.Context(), w.Server.Config(w.Server.Credentials(w.Stage.Source.Account))
	const assets = "assets-111122223333"
	client := s3.NewFromConfig(cfg)
	if _, err := client.CreateBucket(ctx, &s3.CreateBucketInput{Bucket: aws.String(assets),
		CreateBucketConfiguration: &s3types.CreateBucketConfiguration{LocationConstraint: "eu-west-1"}}); err != nil {
		t.Fatal(err)
	}
	if _, err := client.PutObject(ctx, &s3.PutObjectInput{Bucket: aws.String(assets), Key: aws.String("code.zip"), Body: bytes.NewReader(code(t))}); err != nil {
		t.Fatal(err)
	}
	stacks := cloudformation.NewFromConfig(cfg)
	name := w.Stage.Name + "-buckets"
	if _, err := stacks.CreateStack(ctx, &cloudformation.CreateStackInput{StackName: &name, TemplateBody: &template,
		Capabilities: []types.Capability{types.CapabilityCapabilityIam}}); err != nil {
		t.Fatal(err)
	}
	wait := cloudformation.NewStackCreateCompleteWaiter(stacks, func(o *cloudformation.StackCreateCompleteWaiterOptions) {
		o.MinDelay, o.MaxDelay = 10*time.Millisecond, 100*time.Millisecond
	})
	if err := wait.Wait(ctx, &cloudformation.DescribeStacksInput{StackName: &name}, time.Minute); err != nil {
		events, _ := stacks.DescribeStackEvents(ctx, &cloudformation.DescribeStackEventsInput{StackName: &name})
		for _, e := range events.StackEvents {
			t.Log(aws.ToString(e.LogicalResourceId), e.ResourceStatus, aws.ToString(e.ResourceStatusReason))
		}
		t.Fatal(err)
	}
}

// code is a function that does nothing: nobody invokes it.
func code(t testing.TB) []byte {
	t.Helper()
	var archive bytes.Buffer
	z := zip.NewWriter(&archive)
	h := &zip.FileHeader{Name: "bootstrap"}
	h.SetMode(0o755)
	w, err := z.CreateHeader(h)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write([]byte("#!/bin/sh\n")); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return archive.Bytes()
}

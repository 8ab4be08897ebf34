package wings

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"github.com/s3seal/s3seal/iam"
	"github.com/s3seal/s3seal/internal/resource"
)

// broken says why an aspect of a resource, by its place, doesn't work; ""
// where it does, and nothing where it was not tried.
type broken map[string]map[aspect]string

func (b broken) add(place string, a aspect, why string) {
	if b[place] == nil {
		b[place] = map[aspect]string{}
	}
	if b[place][a] == "" {
		b[place][a] = why
	}
}

func reason(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

// trial is a deployed fixture at work.
type trial struct {
	*deployment
	t       *testing.T
	set     *resource.Set
	clients map[[2]string]*s3.Client
	sources map[*resource.Bucket]string // of the buckets that demand SSE-C
	result  broken

	names     *strings.Replacer // of the rules' stand-ins by those of the local AWS
	compared  int               // lists of policies
	decisions map[decision]int
}

// try uses each bucket of a deployment as its stacks mean it to be used, and
// compares what it has.
func try(t *testing.T, d *deployment) *trial {
	t.Helper()
	x := &trial{deployment: d, t: t, set: resource.Read(d.stacks), clients: map[[2]string]*s3.Client{}, sources: map[*resource.Bucket]string{}, decisions: map[decision]int{}, result: broken{}}
	x.names = x.namesInstead()
	x.compareResources()
	for _, b := range x.set.Buckets {
		x.upload(b)
	}
	if err := d.cloud.WaitReplication(t.Context()); err != nil {
		t.Fatal(err)
	}
	for _, b := range x.set.Buckets {
		x.replicas(b)
		if source := x.sources[b]; source != "" {
			why := ""
			if x.replicated(b, source, plainKey) == "" {
				why = "a replica under SSE-S3 was let in"
			}
			x.result.add(placeOf(b), closed, why)
		}
	}
	// What was refused until now is in the logs, too.
	if err := d.cloud.DeliverLogs(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := d.cloud.DeliverInventory(t.Context()); err != nil {
		t.Fatal(err)
	}
	for _, b := range x.set.Buckets {
		x.deliveries(b)
	}
	x.compareRoles()
	return x
}

func placeOf(b *resource.Bucket) string { return b.Stack().Name + "/" + b.LogicalID }

func (x *trial) name(b *resource.Bucket) *string { return aws.String(x.physical[placeOf(b)]) }

// client is that of the administrator of a bucket's account.
func (x *trial) client(account, region string) *s3.Client {
	at := [2]string{account, region}
	if x.clients[at] == nil {
		x.clients[at] = s3.NewFromConfig(x.cloud.config(account, region), func(o *s3.Options) {
			o.DisableLogOutputChecksumValidationSkipped = true
		})
	}
	return x.clients[at]
}

// customerKey is a key for SSE-C.
var customerKey = bytes.Repeat([]byte("k"), 32)

const plainKey, ssecKey = "object", "ssec-object"

func (x *trial) upload(b *resource.Bucket) {
	c := x.client(b.Account, b.Region)
	put := func(key string, change func(*s3.PutObjectInput)) string {
		in := &s3.PutObjectInput{Bucket: x.name(b), Key: &key, Body: strings.NewReader("text")}
		change(in)
		_, err := c.PutObject(x.t.Context(), in)
		return reason(err)
	}
	byDefault := put(plainKey, func(*s3.PutObjectInput) {})
	if demandsSSEC(b) {
		why := "an object not under SSE-C was let in"
		if byDefault != "" {
			why = ""
		}
		for _, e := range types.ServerSideEncryption("").Values() {
			if e != types.ServerSideEncryptionAwsFsx && put("other", func(in *s3.PutObjectInput) { in.ServerSideEncryption = e }) == "" {
				why = "an object not under SSE-C was let in"
			}
		}
		if why != "" {
			x.result.add(placeOf(b), closed, why)
		} else {
			x.sources[b] = x.replicate(b)
		}
	} else {
		x.result.add(placeOf(b), upload, byDefault)
	}
	if demandsSSEC(b) || slices.Contains(b.Blocked, "NONE") {
		x.result.add(placeOf(b), ssecUpload, put(ssecKey, func(in *s3.PutObjectInput) {
			in.SSECustomerAlgorithm, in.SSECustomerKey, in.SSECustomerKeyMD5 = customerHeaders()
		}))
	}
	plain := func(o *s3.Options) { o.BaseEndpoint = aws.String(x.cloud.PlainURL()) }
	_, list := c.ListObjectsV2(x.t.Context(), &s3.ListObjectsV2Input{Bucket: x.name(b)}, plain)
	_, read := c.GetObject(x.t.Context(), &s3.GetObjectInput{Bucket: x.name(b), Key: aws.String(plainKey)}, plain)
	why := ""
	if list == nil || read == nil || !strings.Contains(read.Error(), "AccessDenied") {
		why = "a request without TLS was answered"
	}
	x.result.add(placeOf(b), secure, why)
}

// demandsSSEC says whether the bucket's policy has a Deny of what is not under
// SSE-C.
func demandsSSEC(b *resource.Bucket) bool {
	if b.Policy == nil {
		return false
	}
	for _, s := range b.Policy.Document.Statement {
		for operator, keys := range s.Condition {
			for key, values := range keys {
				refusesSSEC := operator == "Null" && slices.Contains(values, "false")
				if s.Effect == iam.Deny && strings.EqualFold(key, "s3:x-amz-server-side-encryption-customer-algorithm") && !refusesSSEC {
					return true
				}
			}
		}
	}
	return false
}

package s3delivery_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/s3seal/s3seal/iam"
	"github.com/s3seal/s3seal/localaws/internal/api"
	"github.com/s3seal/s3seal/localaws/internal/identity"
	"github.com/s3seal/s3seal/localaws/internal/kms"
	"github.com/s3seal/s3seal/localaws/internal/s3"
	"github.com/s3seal/s3seal/localaws/internal/s3delivery"
	"github.com/s3seal/s3seal/localaws/internal/sts"
)

// TestTickDelivers uses buckets as CloudFormation makes them.
func TestTickDelivers(t *testing.T) {
	t.Parallel()
	directory := must[*identity.Directory](t)(identity.NewDirectory(time.Now, account))
	authorizer := identity.NewAuthorizer(directory, identity.NewDecisionLog(10))
	var d *s3delivery.Deliverer
	service := must[*s3.Service](t)(s3.New(s3.Options{
		Authorizer: authorizer, KMS: kms.New(kms.Options{Authorizer: authorizer, Now: time.Now, Principals: directory}),
		STS: sts.New(sts.Options{Directory: directory, Authorizer: authorizer}), Now: time.Now, Principals: directory, TempDir: t.TempDir(),
		AfterRequest: func(f s3.Finished) { d.Record(f) },
	}))
	defer service.Close()
	tick := make(chan time.Time)
	d = s3delivery.New(s3delivery.Options{S3: service, Now: time.Now, Tick: tick})
	defer d.Close()

	root := api.Call{
		Caller: iam.AccountRoot(account), Account: account, Region: region, Time: time.Now(), Secure: true,
		Context: map[string]iam.Strings{"aws:SecureTransport": {"true"}},
	}
	create := func(p api.Provider, properties string) {
		t.Helper()
		must[api.Resource](t)(p.Create(t.Context(), api.StackContext{Call: root, StackName: "s", Account: account, Region: region, Partition: "aws"}, "R", json.RawMessage(properties)))
	}
	create(service.Providers()["AWS::S3::Bucket"], `{"BucketName":"acme-logs"}`)
	create(service.Providers()["AWS::S3::Bucket"], `{"BucketName":"acme-data","LoggingConfiguration":{"DestinationBucketName":"acme-logs","LogFilePrefix":"p/"}}`)
	if err := service.PutObject(root, source, "key", []byte("hello"), nil); err != nil {
		t.Fatal(err)
	}
	tick <- time.Now()
	tick <- time.Now() // taken when the delivery of the first is over
	failures := d.Failures()
	if len(failures) != 1 || failures[0].Reason != "AccessDenied: Access Denied" || !strings.HasSuffix(failures[0].Decision, "no resource policy allows it") {
		t.Errorf("failures without a policy: %v", failures)
	}
	create(service.Providers()["AWS::S3::BucketPolicy"], `{"Bucket":"acme-logs","PolicyDocument":{"Version":"2012-10-17","Statement":[
		{"Effect":"Allow","Principal":{"Service":"logging.s3.amazonaws.com"},"Action":"s3:PutObject","Resource":"arn:aws:s3:::acme-logs/p/*"}]}}`)
	if err := service.PutObject(root, source, "key", []byte("hello"), nil); err != nil {
		t.Fatal(err)
	}
	tick <- time.Now()
	tick <- time.Now()
	items := service.Items(s3.Inventory{Source: target})
	if len(items) != 1 || len(d.Failures()) != 1 {
		t.Errorf("in the log bucket: %v, failures %v", items, d.Failures())
	}
}

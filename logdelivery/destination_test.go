package logdelivery

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/s3seal/s3seal/encryption"
)

const account, stranger = "111122223333", "999999999999"

func delivery(s Source, change ...func(*Delivery)) Delivery {
	d := Delivery{Source: s, Partition: "aws", Account: account, Region: "us-east-1"}
	if t, _ := Of(s); t.NamesSource {
		d.SourceARNs = []string{"arn:aws:s3:::source"}
	}
	for _, c := range change {
		c(&d)
	}
	return d
}

func TestGoodDestinationsHaveNoProblem(t *testing.T) {
	t.Parallel()
	for _, c := range Cells() {
		traits, _ := Of(c.Source)
		b := Destination{Name: "aws-waf-logs-x", Account: account, Region: "us-east-1", Encryption: c.Encryption}
		err := b.Check(delivery(c.Source))
		if good := c.Delivers() && !traits.NeedsACL; good != (err == nil) {
			t.Errorf("%s to %s: %v", c.Source, c.Encryption, err)
		}
	}
}

func TestDestinationsThatGetNothingAreRefused(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		bucket     Destination
		deliveries []Delivery
		want       []string
	}{
		"nothing is sent": {Destination{}, nil, []string{"no log is sent to it"}},
		"another account": {Destination{}, []Delivery{delivery(S3ServerAccess, func(d *Delivery) { d.Account = stranger })}, []string{
			"S3 server access logs of account 999999999999 arrive in a bucket of the same account only, and this one is of 111122223333, which AWS refuses when the log is set up (docs"}},
		"another Region, refused": {Destination{}, []Delivery{delivery(S3ServerAccess, func(d *Delivery) { d.Region = "us-east-2" })}, []string{
			"S3 server access logs of Region us-east-2 arrive in a bucket of the same Region only, and this one is in us-east-1, which AWS refuses when the log is set up (docs"}},
		"another Region": {Destination{}, []Delivery{delivery(ALBAccess, func(d *Delivery) { d.Region = "us-east-2" })}, []string{
			"ALB access logs of Region us-east-2 arrive in a bucket of the same Region only, and this one is in us-east-1 (docs"}},
		"Object Lock": {Destination{ObjectLock: true}, []Delivery{delivery(S3ServerAccess), delivery(Config), delivery(CloudTrail)}, []string{
			"S3 server access logs don't arrive in a bucket with Object Lock"}},
		"a default retention": {Destination{ObjectLock: true, DefaultRetention: true}, []Delivery{delivery(S3ServerAccess), delivery(Config), delivery(CloudTrail)}, []string{
			"S3 server access logs don't arrive in a bucket with Object Lock",
			"AWS Config history and snapshots don't arrive in a bucket with a default retention of Object Lock"}},
		"WAF's names": {Destination{}, []Delivery{delivery(WAF)}, []string{
			"WAF logs arrive only in a bucket whose name begins with aws-waf-logs-, and this one is logs"}},
		"no ARN": {Destination{}, []Delivery{delivery(CloudTrail, func(d *Delivery) { d.SourceARNs = nil })}, []string{
			"CloudTrail logs without the ARNs of what is logged"}},
		"prefixes": {Destination{}, []Delivery{
			delivery(ALBAccess, func(d *Delivery) { d.Prefix = "a/AWSLogs" }),
			delivery(ALBAccess, func(d *Delivery) { d.Prefix = "a/" })}, []string{
			`ALB access logs with the prefix "a/AWSLogs", which must not hold "AWSLogs"`,
			`ALB access logs with the prefix "a/": write it without a slash`}},
		"a prefix in an account's folder": {Destination{}, []Delivery{delivery(ALBAccessVended, func(d *Delivery) { d.Prefix = "AWSLogs/999999999999" })}, []string{
			`ALB access logs (vended) with the prefix "AWSLogs/999999999999", which must not hold "AWSLogs" (which names`}},
		"ACLs": {Destination{}, []Delivery{delivery(CloudFrontLegacy)}, []string{
			"CloudFront standard logs (legacy) need a bucket with ACLs"}},
		"logs to itself": {Destination{ServerAccessLogs: "logs"}, []Delivery{delivery(S3Inventory)}, []string{
			"it would log to itself"}},
		"a destination of server access logs that logs": {Destination{ServerAccessLogs: "other"}, []Delivery{delivery(S3ServerAccess)}, []string{
			"S3 server access logs arrive here, and this bucket has server access logging itself"}},
		"its own server access logs": {Destination{}, []Delivery{delivery(S3ServerAccess, func(d *Delivery) { d.SourceARNs = []string{"arn:aws:s3:::logs"} })}, []string{
			"S3 server access logs of this bucket itself arrive here, and each delivery is logged in turn, without end"}},
		"no such source": {Destination{}, []Delivery{delivery("carrier-pigeon")}, []string{
			`"carrier-pigeon" isn't a source of logs that is known here`}},
		"all at once": {Destination{Encryption: encryption.SSEKMSCMK}, []Delivery{delivery(S3ServerAccess), delivery(CLBAccess)}, []string{
			"S3 server access logs don't arrive readable", "CLB access logs don't arrive readable"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := tt.bucket
			b.Name, b.Account, b.Region = "logs", account, "us-east-1"
			if b.Encryption == "" {
				b.Encryption = encryption.SSES3
			}
			err := b.Check(tt.deliveries...)
			if err == nil {
				t.Fatal("no problem found")
			}
			lines := strings.Split(err.Error(), "\n")
			if len(lines) != len(tt.want) {
				t.Fatalf("%d problems, want %d:\n%v", len(lines), len(tt.want), err)
			}
			for i, want := range tt.want {
				if !strings.HasPrefix(lines[i], want) {
					t.Errorf("got  %s\nwant %s...", lines[i], want)
				}
			}
		})
	}
}

// What is left out would be compared as nothing, and stand in no policy.
func TestIncompleteDestinationsAndDeliveriesAreRefused(t *testing.T) {
	t.Parallel()
	whole := Destination{Name: "logs", Account: account, Region: "us-east-1", Encryption: encryption.SSES3}
	for want, tt := range map[string]struct {
		bucket   func(*Destination)
		delivery func(*Delivery)
	}{
		"a log bucket without Name: give Name, the bucket's name":                                       {bucket: func(b *Destination) { b.Name = "" }},
		"a log bucket without Account: give Account, the 12 digits of the bucket's account":             {bucket: func(b *Destination) { b.Account = "" }},
		"a log bucket without Region: give Region, the bucket's Region":                                 {bucket: func(b *Destination) { b.Region = "" }},
		"ALB access logs without Partition: give Partition, such as \"aws\"":                            {delivery: func(d *Delivery) { d.Partition = "" }},
		"ALB access logs without Account: give Account, the 12 digits of the account of what is logged": {delivery: func(d *Delivery) { d.Account = "" }},
		"ALB access logs without Region: give Region, that of what is logged":                           {delivery: func(d *Delivery) { d.Region = "" }},
		"a log bucket without Region: give Region, the bucket's Region\nALB access logs without Region: give Region, that of what is logged": {
			func(b *Destination) { b.Region = "" }, func(d *Delivery) { d.Region = "" }},
	} {
		b, d := whole, delivery(ALBAccess)
		if tt.bucket != nil {
			tt.bucket(&b)
		}
		if tt.delivery != nil {
			tt.delivery(&d)
		}
		if err := b.Check(d); err == nil || err.Error() != want {
			t.Errorf("got  %v\nwant %s", err, want)
		}
	}
}

// S3 accepts a bucket that logs to itself, and delivers its logs.
func TestLogsOfTheBucketItselfArrive(t *testing.T) {
	t.Parallel()
	for name, b := range map[string]Destination{
		"its own":                    {Name: "source"},
		"of one that logs too":       {Name: "logs", ServerAccessLogs: "other"},
		"of one that logs to itself": {Name: "logs", ServerAccessLogs: "logs"},
	} {
		b.Account, b.Region, b.Encryption = account, "us-east-1", encryption.SSES3
		if err := b.Arrive(delivery(S3ServerAccess)); err != nil {
			t.Errorf("%s: doesn't arrive: %v", name, err)
		}
		if b.Loop(delivery(S3ServerAccess)) == nil || b.Check(delivery(S3ServerAccess)) == nil {
			t.Errorf("%s: nothing said", name)
		}
	}
}

func TestKeysAndARNsOfDeliveries(t *testing.T) {
	t.Parallel()
	prefixed := func(d *Delivery) { d.Prefix = "p" }
	for _, tt := range []struct {
		delivery Delivery
		keys     []string
		arns     []string
	}{
		{delivery(S3ServerAccess), []string{"*"}, []string{"arn:aws:s3:::source"}},
		{delivery(S3Inventory, prefixed), []string{"p/*"}, []string{"arn:aws:s3:::source"}},
		{delivery(StorageLens, prefixed), []string{"p/StorageLens/111122223333/*"}, []string{"arn:aws:s3:us-east-1:111122223333:storage-lens/*"}},
		{delivery(CLBAccess, prefixed), []string{"p/AWSLogs/111122223333/*"}, []string{"arn:aws:elasticloadbalancing:us-east-1:111122223333:loadbalancer/*"}},
		{delivery(VPCFlowLogs), []string{"AWSLogs/111122223333/*", "AWSLogs/aws-account-id=111122223333/*"}, []string{"arn:aws:logs:us-east-1:111122223333:*"}},
		{delivery(CloudFrontV2), []string{"AWSLogs/111122223333/*", "AWSLogs/aws-account-id=111122223333/*"}, []string{"arn:aws:logs:us-east-1:111122223333:delivery-source:*"}},
		{delivery(CloudFrontV2, prefixed), []string{"p/*"}, []string{"arn:aws:logs:us-east-1:111122223333:delivery-source:*"}},
		{delivery(Config), []string{"AWSLogs/111122223333/Config/*"}, []string{"arn:aws:config:us-east-1:111122223333:*"}},
	} {
		if d := cmp.Diff(tt.keys, tt.delivery.Keys()); d != "" {
			t.Errorf("%s keys: %s", tt.delivery.Source, d)
		}
		if d := cmp.Diff(tt.arns, tt.delivery.ARNs()); d != "" {
			t.Errorf("%s ARNs: %s", tt.delivery.Source, d)
		}
	}
}

package test

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/s3seal/s3seal/constructs/bucket"
	"github.com/s3seal/s3seal/encryption"
	"github.com/s3seal/s3seal/iam"
	"github.com/s3seal/s3seal/internal/resource"
	"github.com/s3seal/s3seal/internal/template"
)

func TestBucketsThatCannotLogAreRefused(t *testing.T) {
	_, stack := logStack(t)
	for reason, p := range map[string]bucket.Props{
		"it has logs and no Name":      {Encryption: encryption.SSES3, Logs: bucket.Logs{ServerAccessBucket: "logs"}},
		"it would log to itself":       {Encryption: encryption.SSES3, Name: "logs", Logs: bucket.Logs{ServerAccessBucket: "logs"}},
		`inventory frequency "hourly"`: {Encryption: encryption.SSES3, Name: "b", Logs: bucket.Logs{InventoryBucketARN: "arn:aws:s3:::i", InventoryFrequency: "hourly"}},
	} {
		func() {
			defer expectPanic(t, reason)
			bucket.New(stack, "b", p)
		}()
	}
}

// logging is where each bucket of an assembly logs to, by bucket name.
func logging(t *testing.T, stacks []*template.Stack) (serverAccess, inventory map[string]string) {
	t.Helper()
	serverAccess, inventory = map[string]string{}, map[string]string{}
	for _, s := range stacks {
		for _, b := range s.ResourcesOfType("AWS::S3::Bucket") {
			p, name := b.Properties(), text(t, b.Properties().Get("BucketName"))
			if to := text(t, p.Get("LoggingConfiguration", "DestinationBucketName").Default("")); to != "" {
				serverAccess[name] = to + "/" + text(t, p.Get("LoggingConfiguration", "LogFilePrefix"))
			}
			if list := p.Get("InventoryConfigurations").Index(0); text(t, list.Get("Destination", "BucketArn").Default("")) != "" {
				inventory[name] = text(t, list.Get("Destination", "BucketArn"))
				fields, err := list.Get("OptionalFields").Strings()
				if err != nil || !slices.Contains(fields, "EncryptionStatus") || !slices.Contains(fields, "BucketKeyStatus") ||
					text(t, list.Get("IncludedObjectVersions")) != "All" {
					t.Errorf("%s: the inventory doesn't tell how each version is encrypted", name)
				}
			}
		}
	}
	return serverAccess, inventory
}

// Each bucket's logs go to a log bucket of its own account and Region that
// really lets them in, and nothing logs to itself.
func TestEveryBucketsLogsArrive(t *testing.T) {
	stacks := read(t, exampleAssembly(t)).Stacks
	set := resource.Read(stacks)
	serverAccess, inventory := logging(t, stacks)
	for _, b := range set.Buckets {
		isLog, isInventory := strings.Contains(b.Name, "-logs-"), strings.Contains(b.Name, "-inventory-")
		if logs := serverAccess[b.Name] != ""; logs == isLog {
			t.Errorf("%s: server access logs are on: %v", b.Name, logs)
		}
		if lists := inventory[b.Name] != ""; lists == (isLog || isInventory) {
			t.Errorf("%s: inventory is on: %v", b.Name, lists)
		}
		keys := map[string]iam.Strings{"aws:SourceArn": {b.ARN}, "aws:SourceAccount": {b.Account}, "aws:SecureTransport": {"true"}, "s3:TlsVersion": {"1.2"}}
		allowed := func(service, action, arn string) {
			t.Helper()
			d := set.Decide(resource.Request{Caller: iam.ServicePrincipal(service), Action: action, Resource: arn, Context: keys})
			if !d.Allowed {
				t.Errorf("%s: %s", b.Name, d.Explain())
			}
		}
		if to := serverAccess[b.Name]; to != "" {
			name, prefix, _ := strings.Cut(to, "/")
			log := set.BucketNamed(name)
			if log == nil || log.Account != b.Account || log.Region != b.Region || log.Algorithm != "AES256" || prefix != b.Name+"/" {
				t.Errorf("%s logs to %s, which isn't a bucket under SSE-S3 of its account and Region, with its prefix", b.Name, to)
				continue
			}
			allowed("logging.s3.amazonaws.com", "s3:PutObject", "arn:aws:s3:::"+to+"2026-11-22-00-00-00-E568B2907131C0C0")
		}
		if to := inventory[b.Name]; to != "" {
			keys = maps.Clone(keys)
			keys["s3:x-amz-acl"] = iam.Strings{"bucket-owner-full-control"}
			list := set.BucketNamed(strings.TrimPrefix(to, "arn:aws:s3:::"))
			if list == nil || list.Account != b.Account || list.Region != b.Region || list.KeyARN == "" {
				t.Errorf("%s is listed in %s, which isn't a bucket under a customer managed key of its Region", b.Name, to)
				continue
			}
			allowed("s3.amazonaws.com", "s3:PutObject", to+"/"+b.Name+"/AllVersions/manifest.json")
			allowed("s3.amazonaws.com", "kms:GenerateDataKey", list.KeyARN)
		}
	}
}

// S3 refuses a log bucket that does not exist: it must be deployed before, and
// a reference back to what logs to it would leave no order at all.
func TestLogBucketsComeFirst(t *testing.T) {
	a := read(t, exampleAssembly(t))
	for stack, before := range map[string]string{
		"dev-buckets": "dev-logs", "prod-buckets": "prod-logs", "prod-replication": "prod-logs", "prod-replica": "prod-replicalogs",
	} {
		if needs := stackNamed(t, a, stack).Dependencies; !slices.Contains(needs, before) {
			t.Errorf("%s depends on %v, want %s among them", stack, needs, before)
		}
	}
	for _, stack := range []string{"dev-logs", "prod-logs", "prod-replicalogs"} {
		if needs := stackNamed(t, a, stack).Dependencies; len(needs) > 0 {
			t.Errorf("%s depends on %v", stack, needs)
		}
	}
}

func TestLogsAreTurnedOffAndTuned(t *testing.T) {
	const yaml = `
stages:
  dev:
    prefix: acme-dev
    source: {account: "111122223333", region: ap-northeast-1}
    patterns: [sse-s3]
    logs: `
	const log, list = "acme-dev-logs-111122223333-ap-northeast-1-an", "acme-dev-inventory-111122223333-ap-northeast-1-an"
	const data = "acme-dev-sse-s3-111122223333-ap-northeast-1-an"
	for options, want := range map[string]struct{ serverAccess, inventory map[string]string }{
		"{}":                    {map[string]string{data: log + "/" + data + "/", list: log + "/" + list + "/"}, map[string]string{data: "arn:aws:s3:::" + list}},
		"{serverAccess: false}": {map[string]string{}, map[string]string{data: "arn:aws:s3:::" + list}},
		"{inventory: false}":    {map[string]string{data: log + "/" + data + "/"}, map[string]string{}},
		"{serverAccess: false, inventory: false}": {map[string]string{}, map[string]string{}},
	} {
		a := read(t, synth(t, parseStages(t, yaml+options)))
		serverAccess, inventory := logging(t, a.Stacks)
		if d := cmp.Diff(want.serverAccess, serverAccess); d != "" {
			t.Errorf("%s: server access logs (-want +got)\n%s", options, d)
		}
		if d := cmp.Diff(want.inventory, inventory); d != "" {
			t.Errorf("%s: inventory (-want +got)\n%s", options, d)
		}
		if stacks := 1 + min(1, len(serverAccess)+len(inventory)); len(a.Stacks) != stacks {
			t.Errorf("%s: %d stacks, want %d", options, len(a.Stacks), stacks)
		}
	}
	a := read(t, synth(t, parseStages(t, yaml+"{inventoryFrequency: daily, retentionDays: 20}")))
	daily := one(t, a, "dev-buckets", "AWS::S3::Bucket", "SseS3").Properties().Get("InventoryConfigurations").Index(0)
	if got := text(t, daily.Get("ScheduleFrequency")); got != "Daily" {
		t.Errorf("inventory is %s", got)
	}
	for _, id := range []string{"Logs", "Inventory"} {
		rules := one(t, a, "dev-logs", "AWS::S3::Bucket", id).Properties().Get("LifecycleConfiguration", "Rules")
		if got := number(t, rules.Index(2).Get("ExpirationInDays")); got != 20 {
			t.Errorf("%s expire after %d days", id, got)
		}
	}
}

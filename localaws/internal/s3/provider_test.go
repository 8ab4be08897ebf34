package s3

import (
	"context"
	"encoding/json"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/s3"

	"github.com/s3seal/s3seal/localaws/internal/s3/configuration"
	"github.com/s3seal/s3seal/localaws/internal/s3/sse"
)

// everyProperty is a bucket as the CDK writes it, with all that is known.
const everyProperty = `{
	"BucketName": "acme-every",
	"AccessControl": "Private",
	"BucketEncryption": {"ServerSideEncryptionConfiguration": [{
		"BlockedEncryptionTypes": {"EncryptionType": ["NONE"]},
		"BucketKeyEnabled": true,
		"ServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": "arn:aws:kms:ap-northeast-1:111122223333:alias/aws/s3"}
	}]},
	"VersioningConfiguration": {"Status": "Enabled"},
	"PublicAccessBlockConfiguration": {"BlockPublicAcls": true, "BlockPublicPolicy": false, "IgnorePublicAcls": true, "RestrictPublicBuckets": true},
	"OwnershipControls": {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]},
	"LifecycleConfiguration": {"Rules": [{"Id": "old", "Status": "Enabled", "Prefix": "a/", "ExpirationInDays": 30,
		"NoncurrentVersionExpiration": {"NoncurrentDays": 7}, "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 1},
		"Transitions": [{"StorageClass": "STANDARD_IA", "TransitionInDays": 31}], "TagFilters": [{"Key": "a", "Value": "b"}], "ObjectSizeGreaterThan": "500"}]},
	"LoggingConfiguration": {"DestinationBucketName": "acme-logs", "LogFilePrefix": "every/"},
	"InventoryConfigurations": [{"Id": "daily", "Enabled": true, "IncludedObjectVersions": "All", "ScheduleFrequency": "Daily", "OptionalFields": ["Size", "EncryptionStatus"],
		"Destination": {"BucketArn": "arn:aws:s3:::acme-logs", "BucketAccountId": "111122223333", "Format": "CSV", "Prefix": "inventory"}}],
	"MetricsConfigurations": [{"Id": "all"}],
	"CorsConfiguration": {"CorsRules": [{"Id": "pages", "AllowedOrigins": ["https://example.com"], "AllowedMethods": ["PUT"], "AllowedHeaders": ["*"],
		"ExposedHeaders": ["ETag"], "MaxAge": 600}]},
	"NotificationConfiguration": {"EventBridgeConfiguration": {"EventBridgeEnabled": true}},
	"ReplicationConfiguration": {"Role": "arn:aws:iam::111122223333:role/replication", "Rules": [{
		"Id": "all", "Priority": 1, "Status": "Enabled", "Filter": {"Prefix": ""}, "DeleteMarkerReplication": {"Status": "Enabled"},
		"SourceSelectionCriteria": {"SseKmsEncryptedObjects": {"Status": "Enabled"}},
		"Destination": {"Bucket": "arn:aws:s3:::acme-logs", "Account": "111122223333", "EncryptionConfiguration": {"ReplicaKmsKeyID": "arn:aws:kms:ap-northeast-1:111122223333:key/k"},
			"Metrics": {"Status": "Enabled", "EventThreshold": {"Minutes": 15}}, "ReplicationTime": {"Status": "Enabled", "Time": {"Minutes": 15}}}}]},
	"Tags": [{"Key": "team", "Value": "blue"}]
}`

func TestBucketProviderSetsEveryProperty(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ctx := context.Background()
	w.bucket(home, "acme-logs", noRule)
	w.versioned(home, "acme-logs")
	r := w.provide(w.s3.Providers()["AWS::S3::Bucket"], home, tokyo, json.RawMessage(everyProperty))
	for name, want := range map[string]string{
		"Arn": "arn:aws:s3:::acme-every", "DomainName": "acme-every.s3.amazonaws.com",
		"RegionalDomainName":  "acme-every.s3.ap-northeast-1.amazonaws.com",
		"DualStackDomainName": "acme-every.s3.dualstack.ap-northeast-1.amazonaws.com",
		"WebsiteURL":          "http://acme-every.s3-website-ap-northeast-1.amazonaws.com",
	} {
		if r.Attributes[name] != want {
			t.Errorf("%s is %q, want %q", name, r.Attributes[name], want)
		}
	}
	for path, want := range map[string][]string{
		"encryption":        {"<SSEAlgorithm>aws:kms</SSEAlgorithm>", "alias/aws/s3", "<BucketKeyEnabled>true</BucketKeyEnabled>", "<EncryptionType>NONE</EncryptionType>"},
		"versioning":        {"<Status>Enabled</Status>"},
		"publicAccessBlock": {"<BlockPublicPolicy>false</BlockPublicPolicy>", "<RestrictPublicBuckets>true</RestrictPublicBuckets>"},
		"lifecycle":         {"<Days>30</Days>", "<NoncurrentDays>7</NoncurrentDays>", "<StorageClass>STANDARD_IA</StorageClass>", "<Prefix>a/</Prefix>", "<ObjectSizeGreaterThan>500</ObjectSizeGreaterThan>"},
		"logging":           {"<TargetBucket>acme-logs</TargetBucket>", "<TargetPrefix>every/</TargetPrefix>"},
		"inventory&id=daily": {"<Id>daily</Id>", "<Bucket>arn:aws:s3:::acme-logs</Bucket>", "<Field>EncryptionStatus</Field>",
			"<Frequency>Daily</Frequency>"},
		"metrics&id=all": {"<Id>all</Id>"},
		"cors":           {"<ID>pages</ID>", "<AllowedOrigin>https://example.com</AllowedOrigin>", "<ExposeHeader>ETag</ExposeHeader>", "<MaxAgeSeconds>600</MaxAgeSeconds>"},
		"notification":   {"EventBridgeConfiguration"},
		"replication":    {"<ReplicaKmsKeyID>arn:aws:kms:ap-northeast-1:111122223333:key/k</ReplicaKmsKeyID>", "<Minutes>15</Minutes>", "<Priority>1</Priority>"},
		"tagging":        {"<Key>team</Key>"},
	} {
		a := w.send(w.tls, "GET", "/acme-every?"+path, "", nil)
		for _, part := range want {
			if a.status != 200 || !strings.Contains(a.body, part) {
				t.Errorf("%s: %d %s, want %s in it", path, a.status, a.body, part)
			}
		}
	}
	// What one GET gives, PUT takes: the two sides of each document agree.
	for _, path := range []string{"encryption", "versioning", "publicAccessBlock", "ownershipControls", "lifecycle", "logging", "inventory&id=daily", "metrics&id=all", "cors", "notification", "replication", "tagging"} {
		document := w.send(w.tls, "GET", "/acme-every?"+path, "", nil).body
		if a := w.send(w.tls, "PUT", "/acme-every?"+path, document, nil); a.status >= 300 {
			t.Errorf("PUT of what GET gave for %s: %d %s", path, a.status, a.body)
		}
		if again := w.send(w.tls, "GET", "/acme-every?"+path, "", nil).body; again != document {
			t.Errorf("%s changes on the way:\n%s\n%s", path, document, again)
		}
	}

	// Taken away again: each goes back to what a new bucket has.
	p := w.s3.Providers()["AWS::S3::Bucket"]
	_, err := p.Update(ctx, stackContext(home, tokyo), "Resource", r, json.RawMessage(everyProperty), json.RawMessage(`{"BucketName":"acme-every"}`))
	w.ok(err)
	b, err := w.s3.find("acme-every")
	w.ok(err)
	c := b.settings()
	if c.Versioning != "Suspended" || c.Lifecycle != nil || c.Logging != nil || c.Replication != nil || c.Notification != nil || c.CORS != nil || len(c.Inventories)+len(c.Metrics)+len(c.Tags) != 0 ||
		!c.Encryption.BlocksCustomerKeys() || c.Encryption.Default.SSEAlgorithm != sse.S3 || !c.PublicAccess.BlockPublicPolicy {
		t.Errorf("after the properties went: %+v", c)
	}
	w.ok(p.Delete(ctx, stackContext(home, tokyo), "Resource", r))
	w.ok(p.Delete(ctx, stackContext(home, tokyo), "Resource", r)) // gone already
}

func TestBucketProviderRefusals(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := w.s3.Providers()["AWS::S3::Bucket"]
	for name, e := range map[string]struct{ properties, message string }{
		"unknown property":        {`{"AccelerateConfiguration":{}}`, "AccelerateConfiguration"},
		"unknown inner property":  {`{"BucketEncryption":{"ServerSideEncryptionConfiguration":[{"Color":"red"}]}}`, "Color"},
		"object lock":             {`{"ObjectLockEnabled":true}`, "ObjectLockEnabled"},
		"log delivery ACL":        {`{"AccessControl":"LogDeliveryWrite"}`, "LogDeliveryWrite"},
		"name":                    {`{"BucketName":"UPPER"}`, "not valid"},
		"key with AES256":         {`{"BucketName":"acme","BucketEncryption":{"ServerSideEncryptionConfiguration":[{"ServerSideEncryptionByDefault":{"SSEAlgorithm":"AES256","KMSMasterKeyID":"k"}}]}}`, "KMSMasterKeyID is not applicable"},
		"bucket key with DSSE":    {`{"BucketName":"acme","BucketEncryption":{"ServerSideEncryptionConfiguration":[{"BucketKeyEnabled":true,"ServerSideEncryptionByDefault":{"SSEAlgorithm":"aws:kms:dsse"}}]}}`, "Bucket Keys"},
		"blocked both ways":       {`{"BucketName":"acme","BucketEncryption":{"ServerSideEncryptionConfiguration":[{"BlockedEncryptionTypes":{"EncryptionType":["NONE","SSE-C"]}}]}}`, "BlockedEncryptionTypes"},
		"blocked misspelt":        {`{"BucketName":"acme","BucketEncryption":{"ServerSideEncryptionConfiguration":[{"BlockedEncryptionTypes":{"EncryptionType":["SSE_C"]}}]}}`, "SSE_C"},
		"replication unversioned": {`{"BucketName":"acme","ReplicationConfiguration":{"Role":"arn:aws:iam::111122223333:role/r","Rules":[{"Priority":1,"Status":"Enabled","Filter":{"Prefix":""},"DeleteMarkerReplication":{"Status":"Disabled"},"Destination":{"Bucket":"arn:aws:s3:::target"}}]}}`, "Versioning must be 'Enabled'"},
		"queue":                   {`{"NotificationConfiguration":{"QueueConfigurations":[{"Colour":"red"}]}}`, "Colour"},
	} {
		if name == "replication unversioned" {
			w.bucket(home, "target", noRule)
			w.versioned(home, "target")
		}
		_, err := p.Create(context.Background(), stackContext(home, tokyo), "Resource", json.RawMessage(e.properties))
		if err == nil || !strings.Contains(err.Error(), e.message) {
			t.Errorf("%s: %v, want %q", name, err, e.message)
		}
		if _, err := w.s3.find("acme"); err == nil {
			t.Errorf("%s: the bucket stays", name)
		}
	}
}

func TestBucketProviderNamesAndReplacement(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ctx := context.Background()
	p := w.s3.Providers()["AWS::S3::Bucket"]
	s := stackContext(home, tokyo)
	s.StackName = strings.Repeat("Long", 30)
	r, err := p.Create(ctx, s, "LogicalID", json.RawMessage("null"))
	w.ok(err)
	if configuration.CheckName(r.PhysicalID, "") != nil || !strings.HasPrefix(r.PhysicalID, "longlong") {
		t.Errorf("generated name %q", r.PhysicalID)
	}
	s.StackName = "Stack"
	other, err := p.Create(ctx, s, "LogicalID", json.RawMessage("{}"))
	w.ok(err)
	if !strings.HasPrefix(other.PhysicalID, "stack-logicalid-") {
		t.Errorf("generated name %q", other.PhysicalID)
	}
	named, err := p.Update(ctx, s, "LogicalID", other, json.RawMessage("{}"), json.RawMessage(`{"BucketName":"acme-named"}`))
	w.ok(err)
	if named.PhysicalID != "acme-named" {
		t.Errorf("replacement is %q", named.PhysicalID)
	}
	if _, err := w.s3.find(other.PhysicalID); err != nil {
		t.Error("the old bucket went before CloudFormation asked for it")
	}
	w.send(w.tls, "PUT", "/acme-named/k", "x", nil)
	if err := p.Delete(ctx, s, "LogicalID", named); codeOf(err) != "BucketNotEmpty" {
		t.Errorf("deleting a bucket with an object: %v", err)
	}
	// The role of the stack decides.
	s.Call = call(w.user(home, "powerless"), tokyo, true)
	if _, err := p.Create(ctx, s, "LogicalID", json.RawMessage("{}")); codeOf(err) != "AccessDenied" {
		t.Errorf("create without rights: %v", err)
	}
}

func TestBucketPolicyProvider(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ctx := context.Background()
	w.bucket(home, "policies", noRule)
	p := w.s3.Providers()["AWS::S3::BucketPolicy"]
	policy := func(action string) json.RawMessage {
		return json.RawMessage(`{"Bucket":"policies","PolicyDocument":{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Principal":"*","Action":"` + action + `","Resource":"arn:aws:s3:::policies/*"}]}}`)
	}
	s := stackContext(home, tokyo)
	r, err := p.Create(ctx, s, "Policy", policy("s3:GetObject"))
	w.ok(err)
	if r.PhysicalID != "policies" {
		t.Errorf("Ref is %q", r.PhysicalID)
	}
	if _, err := p.Create(ctx, s, "Second", policy("s3:GetObject")); codeOf(err) != "AlreadyExists" {
		t.Errorf("a second policy: %v", err)
	}
	w.send(w.tls, "PUT", "/policies/k", "x", nil)
	if a := w.send(w.tls, "GET", "/policies/k", "", nil); a.status != 403 {
		t.Errorf("GET under the policy: %d", a.status)
	}
	_, err = p.Update(ctx, s, "Policy", r, policy("s3:GetObject"), policy("s3:DeleteObject"))
	w.ok(err)
	if a := w.send(w.tls, "GET", "/policies/k", "", nil); a.status != 200 {
		t.Errorf("GET after the update: %d", a.status)
	}
	w.ok(p.Delete(ctx, s, "Policy", r))
	_, err = w.root(home).GetBucketPolicy(ctx, &sdk.GetBucketPolicyInput{Bucket: aws.String("policies")})
	w.refused(err, 404, "NoSuchBucketPolicy", "")
	for name, text := range map[string]string{
		"unknown property": `{"Bucket":"policies","PolicyDocument":{},"Color":"red"}`,
		"no document":      `{"Bucket":"policies"}`,
		"missing bucket":   `{"Bucket":"none","PolicyDocument":{}}`,
		"malformed":        `{"Bucket":"policies","PolicyDocument":{"Statement":"x"}}`,
	} {
		if _, err := p.Create(ctx, s, "Policy", json.RawMessage(text)); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
}

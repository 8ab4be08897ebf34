package rule

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/s3seal/s3seal/internal/template"
)

// checkText checks a template that is given as text.
func checkText(t *testing.T, text, account, region string) Report {
	t.Helper()
	return Check([]*template.Stack{stackOf(t, text, account, region)}, Options{})
}

func stackOf(t *testing.T, text, account, region string) *template.Stack {
	t.Helper()
	file := filepath.Join(t.TempDir(), "app.yaml")
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	s, err := template.ReadTemplate(file, account, region)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// places are what is given: all, one of the two, nothing.
var places = []struct{ account, region string }{
	{"111122223333", "eu-west-1"}, {"111122223333", ""}, {"", "eu-west-1"}, {"", ""},
}

func readRight(t *testing.T) string {
	t.Helper()
	right, err := os.ReadFile("testdata/anywhere/right.yaml")
	if err != nil {
		t.Fatal(err)
	}
	return string(right)
}

func TestRightTemplateIsRightAnywhere(t *testing.T) {
	t.Parallel()
	const note = "CloudFormation refuses the template where the map LoadBalancers has no entry for the Region: checked for eu-central-1, eu-west-1, us-east-1, cn-north-1"
	for _, p := range places {
		r := checkText(t, readRight(t), p.account, p.region)
		if p.region == "" && !slices.Equal(r.Notes, []string{note}) || p.region != "" && len(r.Notes) > 0 {
			t.Errorf("%v: notes %q", p, r.Notes)
		}
		for _, f := range r.Findings {
			t.Errorf("%v: %s %s: %s", p, f.Rule, f.Place(), f.Text())
		}
		for _, u := range r.Unknown {
			t.Errorf("%v: unknown %s %s: %s", p, u.Rule, u.LogicalID, u.Why)
		}
	}
}

// planted are mistakes: what is written in the right template, what instead, and
// the rule and the resource that say so. where is what is said when nothing is
// given; severity is the rule's own but where that matters.
var planted = []struct {
	old, new, rule, at, where string
}{
	{`Principal: {AWS: !Sub "arn:${AWS::Partition}:iam::${AWS::AccountId}:root"}
            Action: s3:GetObject`, `Principal: "*"
            Action: s3:GetObject`, "principal-anyone", "DataPolicy", ""},
	{`Principal: {AWS: !Sub "arn:${AWS::Partition}:iam::${AWS::AccountId}:root"}
            Action: s3:GetObject`, `Principal: "*"
            Condition: {ArnLike: {"aws:PrincipalArn": "arn:*:iam::*:role/reader"}}
            Action: s3:GetObject`, "wildcard-account", "DataPolicy", ""},
	{`Action: "kms:Decrypt", Resource: !GetAtt Key.Arn`, `Action: "kms:DescribeKey", Resource: !GetAtt Key.Arn`, "replication-permission", "Data", ""},
	{`["kms:Encrypt", "kms:GenerateDataKey", "kms:Decrypt"]`, `["kms:Decrypt"]`, "replication-permission", "Data", ""},
	{`["s3:ReplicateObject", "s3:ReplicateTags"]`, `["s3:ReplicateTags"]`, "replication-permission", "Data", ""},
	{`KMSMasterKeyID: !GetAtt Key.Arn}
            BucketKeyEnabled: true`, `KMSMasterKeyID: !Sub "arn:${AWS::Partition}:kms:${AWS::Region}:444455556666:key/11111111-2222-3333-4444-555555555555"}
            BucketKeyEnabled: true`, "default-key-elsewhere", "Data", "in all accounts but 444455556666"},
	{`KMSMasterKeyID: !GetAtt Key.Arn}
            BucketKeyEnabled: true`, `KMSMasterKeyID: !Sub "arn:${AWS::Partition}:kms:us-east-1:${AWS::AccountId}:key/11111111-2222-3333-4444-555555555555"}
            BucketKeyEnabled: true`, "default-key-elsewhere", "Data", "in all Regions but us-east-1"},
	{`SSEAlgorithm: AES256}
            BlockedEncryptionTypes: {EncryptionType: [SSE-C]}`, `SSEAlgorithm: "aws:kms", KMSMasterKeyID: !GetAtt Key.Arn}
            BlockedEncryptionTypes: {EncryptionType: [SSE-C]}`, "log-encryption-unsupported", "Balancer", ""},
	{`      LoggingConfiguration: {`, `      InventoryConfigurations: [{Id: all, Enabled: true, IncludedObjectVersions: All, ScheduleFrequency: Weekly, Destination: {BucketArn: !GetAtt Replica.Arn, Format: CSV}}]
      LoggingConfiguration: {`, "log-key-denied", "Data", ""},
	{`KMSMasterKeyID: !GetAtt ReplicaKey.Arn}
            BucketKeyEnabled: true
            BlockedEncryptionTypes: {EncryptionType: [SSE-C]}
      VersioningConfiguration: {Status: Enabled}`, `KMSMasterKeyID: !GetAtt ReplicaKey.Arn}
            BucketKeyEnabled: true
            BlockedEncryptionTypes: {EncryptionType: [SSE-C]}`, "replication-unversioned", "Replica", ""},
	{`Action: "kms:*", Resource: "*"}
  ReplicaKey:`, `Action: "kms:Encrypt", Resource: "*"}
  ReplicaKey:`, "key-policy-lockout", "Key", ""},
	{`{AWS: !Sub "arn:${AWS::Partition}:iam::${AWS::AccountId}:root"}, Action: "kms:*", Resource: "*"}
  ReplicaKey:`, `{AWS: "arn:aws:iam::444455556666:root"}, Action: "kms:Decrypt", Resource: "*"}
  ReplicaKey:`, "key-policy-lockout", "Key", ""},
	{`{EncryptionType: [NONE]}`, `{EncryptionType: [SSE-C]}`, "sse-c-bucket-unwritable", "Sealed", ""},
	{`Action: s3:ReplicateObject, Resource: !Sub "${Sealed.Arn}/*"`, `Action: s3:ReplicateDelete, Resource: !Sub "${Sealed.Arn}/*"`, "sse-c-bucket-open", "Sealed", ""},
	{`BucketKeyEnabled: false`, `BucketKeyEnabled: true`, "bucket-key-with-dsse-kms", "Twice", ""},
	{`Principal: {Service: logging.s3.amazonaws.com}`, `Principal: {Service: delivery.logs.amazonaws.com}`, "log-delivery-denied", "Data", ""},
	{`{StringEquals: {"aws:SourceAccount": !Ref "AWS::AccountId"}}`, `{StringEquals: {"aws:SourceAccount": "444455556666"}}`, "log-delivery-denied", "Data", "in all accounts but 444455556666"},
	{`eu-west-1: {Account: "156460612806"}`, `eu-west-1: {Account: "127311923021"}`, "log-delivery-denied", "Balancer", "only in eu-west-1"},
	{`ReplicaKmsKeyID: !GetAtt ReplicaKey.Arn`, `ReplicaKmsKeyID: !Sub "arn:${AWS::Partition}:kms:${AWS::Region}:444455556666:key/11111111-2222-3333-4444-555555555555"`, "replica-key-foreign", "Data", "in all accounts but 444455556666"},
	{`ReplicaKmsKeyID: !GetAtt ReplicaKey.Arn`, `ReplicaKmsKeyID: alias/replica`, "replica-key-foreign", "Data", ""},
	{`SourceSelectionCriteria: {SseKmsEncryptedObjects: {Status: Enabled}}`, `SourceSelectionCriteria: {SseKmsEncryptedObjects: {Status: Disabled}}`, "replication-skips-kms-objects", "Data", ""},
	{`Principal: {Service: s3.amazonaws.com}, Action: "sts:AssumeRole"`, `Principal: {Service: lambda.amazonaws.com}, Action: "sts:AssumeRole"`, "replication-role-untrusting", "Replicator", ""},
	{`Condition: {Bool: {"aws:SecureTransport": "false"}}
          - Sid: Readers`, `Condition: {Bool: {"aws:SecureTransport": "true"}}
          - Sid: Readers`, "bucket-without-tls", "Data", ""},
	{`SSEAlgorithm: AES256}
            BlockedEncryptionTypes: {EncryptionType: [NONE]}`, `SSEAlgorithm: AES256, KMSMasterKeyID: !GetAtt Key.Arn}
            BlockedEncryptionTypes: {EncryptionType: [NONE]}`, "kms-key-with-sse-s3", "Sealed", ""},
	{`Sub "${Logs.Arn}/data/*"`, `Sub "${Logs.Arn}"`, "object-action-on-bucket", "LogsPolicy", ""},
	{`PasswordLength: 64`, `PasswordLength: 32`, "sse-c-key-weak", "Ring", ""},
	{`DestinationBucketName: !Ref Logs`, `DestinationBucketName: !If [Virginia, !Ref Logs, !Ref Nothing]`, "template-refused", "Data", "in all Regions but us-east-1"},
}

// A change is found whatever is given, and a name that hangs on a parameter may
// well be the same.
func TestChangesAreFoundWhateverIsGiven(t *testing.T) {
	t.Parallel()
	const written = `
Parameters: {Name: {Type: String}}
Resources:
  Renamed: {Type: AWS::S3::Bucket, Properties: {BucketName: NEW}}
  Open: {Type: AWS::S3::Bucket, Properties: {BucketName: OPEN}}
`
	old := strings.NewReplacer("NEW", "old", "OPEN", "data").Replace(written)
	now := strings.NewReplacer("NEW", "new", "OPEN", "!Ref Name").Replace(written)
	for _, p := range places {
		before := []*template.Stack{stackOf(t, old, p.account, p.region)}
		r := Check([]*template.Stack{stackOf(t, now, p.account, p.region)}, Options{Before: before})
		var found, open []string
		for _, f := range r.Findings {
			if f.Rule == "stateful-replaced" {
				found = append(found, f.LogicalID+f.Where)
			}
		}
		for _, u := range r.Unknown {
			if u.Rule == "stateful-replaced" {
				open = append(open, u.LogicalID)
			}
		}
		if !slices.Equal(found, []string{"Renamed"}) || !slices.Equal(open, []string{"Open"}) {
			t.Errorf("%v: replaced: %q, unknown: %q", p, found, open)
		}
	}
}

func TestTemplatesThatNameTooManyAccountsAreCheckedForAnother(t *testing.T) {
	t.Parallel()
	var text strings.Builder
	text.WriteString("Resources:\n  Role:\n    Type: AWS::IAM::Role\n    Properties:\n      AssumeRolePolicyDocument:\n        Statement:\n")
	for i := range maxAccounts + 1 {
		fmt.Fprintf(&text, "          - {Effect: Allow, Principal: {AWS: \"arn:aws:iam::2000000000%02d:root\"}, Action: \"sts:AssumeRole\"}\n", i)
	}
	want := []string{"the templates name 25 accounts: checked for one that they don't name"}
	if r := checkText(t, text.String(), "", ""); !slices.Equal(r.Notes, want) {
		t.Errorf("notes %q, want %q", r.Notes, want)
	}
}

func TestLargeDeploymentsSayWhatTheyWereCheckedFor(t *testing.T) {
	t.Parallel()
	var text strings.Builder
	text.WriteString("Resources:\n  Bucket: {Type: AWS::S3::Bucket}\n")
	for i := range maxResources {
		fmt.Fprintf(&text, "  Topic%d: {Type: AWS::SNS::Topic}\n", i)
	}
	r := checkText(t, text.String(), "", "")
	if len(r.Notes) != 1 || !strings.HasPrefix(r.Notes[0], "1501 resources: checked for one account and for af-south-1, ") {
		t.Errorf("notes %q", r.Notes)
	}
	if !slices.ContainsFunc(r.Findings, func(f Finding) bool { return f.Rule == "bucket-unversioned" && f.Where == "" }) {
		t.Error("the bucket has no finding")
	}
}

// What one Region of a class is told, the others are told in the same words.
func TestRegionsOfAClassAreJudgedAlike(t *testing.T) {
	t.Parallel()
	compared := 0
	for _, f := range readFixtures(t, "rules/*.txtar") {
		if !f.anywhere() {
			continue
		}
		o := readAgnostic(f.stacks)
		all, _ := o.tries()
		for _, one := range all {
			if len(one.regions) == 1 || !one.unnamed {
				continue
			}
			last := one
			last.Region = one.regions[len(one.regions)-1]
			m := merger{tries: []try{one, last}}
			m.add(0, checkIn(one.with(o.values[0]), f.stacks, Options{}))
			m.add(1, checkIn(last.with(o.values[0]), f.stacks, Options{}))
			for _, s := range m.findings.list {
				if len(s.in) != 2 {
					t.Errorf("%s: one of %s and %s only: %s %s", f.file, one.Region, last.Region, s.what.Rule, s.what.Message)
				}
			}
			for _, s := range m.unknown.list {
				if len(s.in) != 2 {
					t.Errorf("%s: one of %s and %s only: unknown %s %s", f.file, one.Region, last.Region, s.what.Rule, s.what.Why)
				}
			}
			compared++
		}
	}
	if compared < 30 {
		t.Errorf("%d classes of Regions were compared", compared)
	}
}

// anywhere takes account and Region from the fixture's stacks. Those of several
// places are no deployment to one.
func (f *fixture) anywhere() bool {
	for _, s := range f.stacks {
		if s.Account != f.stacks[0].Account || s.Region != f.stacks[0].Region {
			return false
		}
	}
	for _, s := range f.stacks {
		s.Account, s.Region = "", ""
	}
	return true
}

func TestPlantedMistakesAreFoundWhateverIsGiven(t *testing.T) {
	t.Parallel()
	right := readRight(t)
	for _, m := range planted {
		if !strings.Contains(right, m.old) {
			t.Fatalf("%s: the right template has no %q", m.rule, m.old)
		}
		for i, p := range places {
			if m.where == "" && (i == 1 || i == 2) {
				continue // what doesn't depend on the place needs no further trial
			}
			r := checkText(t, strings.Replace(right, m.old, m.new, 1), p.account, p.region)
			i := slices.IndexFunc(r.Findings, func(f Finding) bool { return f.Rule == m.rule && f.LogicalID == m.at })
			if i < 0 {
				t.Errorf("%v: %s is not found at %s; unknown: %v", p, m.rule, m.at, r.Unknown)
				continue
			}
			f := r.Findings[i]
			if p.account == "" && p.region == "" && f.Where != m.where {
				t.Errorf("%s at %s: %q, want %q", m.rule, m.at, f.Where, m.where)
			}
			if p.account != "" && p.region != "" && f.Where != "" {
				t.Errorf("%s at %s depends on what is given: %s", m.rule, m.at, f.Where)
			}
			for _, text := range []string{f.Message, f.Fix} {
				if p.account == "" && strings.Contains(text, "100000000000") {
					t.Errorf("%s at %s names an account that nobody gave: %s", m.rule, m.at, text)
				}
			}
		}
	}
}

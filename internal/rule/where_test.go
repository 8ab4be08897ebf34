package rule

import (
	"strings"
	"testing"

	"github.com/s3seal/s3seal/internal/partition"
	"github.com/s3seal/s3seal/internal/template"
)

func TestWhereSomethingHoldsInWords(t *testing.T) {
	t.Parallel()
	aws, cn := partition.All()[0].Regions(), []string{"cn-north-1", "cn-northwest-1"}
	at := func(account string, unnamed bool, regions ...string) try {
		return try{Environment: template.Environment{Account: account, Region: regions[0]}, unnamed: unnamed, regions: regions}
	}
	m := merger{tries: []try{
		at("100000000000", true, aws[1:]...), at("100000000000", true, aws[0]), at("100000000000", true, cn...),
		at("111122223333", false, aws[1:]...), at("111122223333", false, aws[0]), at("111122223333", false, cn...),
	}}
	for _, c := range []struct {
		in   []int
		want string
	}{
		{[]int{0, 1, 2, 3, 4, 5}, ""},
		{[]int{0, 1, 2}, "in all accounts but 111122223333"},
		{[]int{0, 1, 2, 2, 1, 0}, "in all accounts but 111122223333"},
		{[]int{3, 4, 5}, "only in account 111122223333"},
		{[]int{1, 4}, "only in af-south-1"},
		{[]int{0, 2, 3, 5}, "in all Regions but af-south-1"},
		{[]int{0, 1, 3, 4}, "only in the partition aws"},
		{[]int{0, 3}, "in all Regions but af-south-1, the partition aws-cn"},
		{[]int{2, 5}, "only in the partition aws-cn"},
		{[]int{1}, "in all accounts but 111122223333, only in af-south-1"},
		{[]int{0, 1, 2, 4}, "in all accounts but 111122223333; only in account 111122223333, only in af-south-1"},
	} {
		if got := m.where(c.in); got != c.want {
			t.Errorf("%v: %q, want %q", c.in, got, c.want)
		}
	}
}

// A template that is right in the account that it names is not accused for what
// it would be in others, even if the rule stays undecided for another reason.
func TestWhatIsUnknownEverywhereHidesNoFinding(t *testing.T) {
	t.Parallel()
	const text = `
Resources:
  Key:
    Type: AWS::KMS::Key
    Properties: {KeyPolicy: {Statement: [{Effect: Allow, Principal: {AWS: "arn:aws:iam::111122223333:root"}, Action: "kms:*", Resource: "*"}]}}
  Data:
    Type: AWS::S3::Bucket
    Properties:
      VersioningConfiguration: {Status: Enabled}
      BucketEncryption: {ServerSideEncryptionConfiguration: [{ServerSideEncryptionByDefault: {SSEAlgorithm: "aws:kms", KMSMasterKeyID: !GetAtt Key.Arn}}]}
      ReplicationConfiguration:
        Role: !GetAtt Role.Arn
        Rules:
          - Status: Enabled
            SourceSelectionCriteria: {SseKmsEncryptedObjects: {Status: Enabled}}
            Destination: {Bucket: "arn:aws:s3:::elsewhere", EncryptionConfiguration: {ReplicaKmsKeyID: "arn:aws:kms:us-east-1:444455556666:key/11111111-2222-3333-4444-555555555555"}}
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: {Statement: [{Effect: Allow, Principal: {Service: s3.amazonaws.com}, Action: "sts:AssumeRole"}]}
      Policies: [{PolicyName: p, PolicyDocument: {Statement: [{Effect: Allow, Action: ["s3:*", "kms:*"], Resource: "*"}]}}]
`
	found := false
	for _, f := range checkText(t, text, "", "").Findings {
		if f.Rule != "replication-permission" {
			continue
		}
		found = true
		if f.Severity != Warning || !strings.Contains(f.Where, "in all accounts but 111122223333") {
			t.Errorf("%s: %s (%s); want a warning in all accounts but 111122223333", f.Severity, f.Message, f.Where)
		}
	}
	if !found {
		t.Error("that the key admits no other account is not found")
	}
}

//go:build conformance

package conformance

import (
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"testing"
)

// section are the blocks of commands of a section of docs/adoption.md, and its
// stages.yaml.
func adoptionSection(t *testing.T, title string) (stages string, commands []string) {
	t.Helper()
	_, section, _ := strings.Cut(read(t, docs+"adoption.md"), "\n## "+title+"\n")
	section, _, _ = strings.Cut(section, "\n## ")
	for _, b := range blocks(section) {
		if b.language == "yaml" {
			stages += b.text
		} else {
			commands = append(commands, b.text)
		}
	}
	return stages, commands
}

// adopter is somebody in a project whose stages.yaml is that of a section, in an
// account with the bucket acme-data-2019, which nobody's stack has made.
func adopter(t *testing.T, title string) (me shell, commands []string) {
	t.Helper()
	s := start(t)
	folder := project(t)
	stages, commands := adoptionSection(t, title)
	architecture := "\n    functions: {architecture: " + map[string]string{"amd64": "x86_64", "arm64": "arm64"}[runtime.GOARCH] + "}\n"
	writeFile(t, filepath.Join(folder, "stages.yaml"), must(t, stages, "\n    buckets:\n", architecture+"    buckets:\n"))
	me = person(t, s, folder, source, region)
	me.runs(`
key=$(aws kms create-key --query KeyMetadata.KeyId --output text); sed -i "s|:key/KEY|:key/$key|" stages.yaml
aws s3api create-bucket --bucket acme-data-2019 --create-bucket-configuration LocationConstraint=` + region + `
aws s3api put-bucket-encryption --bucket acme-data-2019 --server-side-encryption-configuration \
  '{"Rules": [{"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": "'$key'"}}]}'
aws s3api put-bucket-policy --bucket acme-data-2019 --policy '{"Version": "2012-10-17", "Statement": [{"Sid": "Before", "Effect": "Deny", "Principal": "*",
  "Action": "s3:*", "Resource": "arn:aws:s3:::acme-data-2019/*", "Condition": {"Bool": {"aws:SecureTransport": "false"}}}]}'
echo "of 2019" > old.txt; aws s3 cp old.txt s3://acme-data-2019/old.txt
npx cdk synth -c stage=data --quiet; npx cdk bootstrap --app cdk.out aws://` + source + `/` + region)
	return me, commands
}

// TestTakeABucketOver follows docs/adoption.md word for word: what was made by hand
// becomes a stage's, with its objects.
func TestTakeABucketOver(t *testing.T) {
	me, commands := adopter(t, "Take a bucket over")
	if len(commands) != 4 {
		t.Fatalf("docs/adoption.md has %d blocks of commands, want 4", len(commands))
	}
	variables := commands[0]
	me.runs(variables + commands[1])
	me.runs(variables+commands[2], "Resource import completed.")
	// The import changed nothing.
	const policyOf = "aws s3api get-bucket-policy --bucket acme-data-2019 --query Policy --output text"
	if now := me.runs(policyOf); !strings.Contains(now, "Before") {
		t.Errorf("after the import the bucket's policy is %s", now)
	}
	said := me.runs(variables + commands[3])
	changes, _, _ := strings.Cut(said, "deploying...")
	for _, want := range []string{"[~] AWS::S3::Bucket ", "[~] AWS::S3::BucketPolicy ", "[~] AWS::KMS::Key ", "[+] AWS::Lambda::Function "} {
		if !strings.Contains(changes, want) {
			t.Errorf("the difference lacks %q:\n%s", want, changes)
		}
	}
	if regexp.MustCompile(`(requires|may cause) replacement|AWS::.* replace|\[-\] AWS::`).MatchString(changes) {
		t.Errorf("the deployment would replace or remove something:\n%s", changes)
	}
	me.runs("aws s3 cp s3://acme-data-2019/old.txt -", "of 2019")
	if now := me.runs(policyOf); strings.Contains(now, "Before") || !strings.Contains(now, "DenyOtherKey") {
		t.Errorf("after the deployment the bucket's policy is %s", now)
	}
	me.runs("aws s3api get-bucket-versioning --bucket acme-data-2019", "Enabled")
	me.runs("aws s3api get-bucket-encryption --bucket acme-data-2019", "BlockedEncryptionTypes", "SSE-C")
	me.fails("aws s3 cp old.txt s3://acme-data-2019/new.txt --sse AES256 --sse-c AES256 --sse-c-key 12345678901234567890123456789012")
	me.runs(getOld, "of 2019")
	me.runs("npx cdk deploy --app cdk.out --all", "(no changes)")

	// The way back.
	me.runs("npx cdk destroy --app cdk.out --all --force; aws s3api put-bucket-policy --bucket acme-data-2019 --policy file://policy.json")
	me.runs("aws kms put-key-policy --key-id $(cat key-id) --policy-name default --policy file://key.json; aws s3 cp s3://acme-data-2019/old.txt -", "of 2019")
}

// getOld asks the stage's function get for what was there before.
const getOld = `function=$(aws cloudformation describe-stacks --stack-name data-buckets --output text --query "Stacks[0].Outputs[?OutputKey=='SseKmsCmkGet'].OutputValue")
aws lambda invoke --function-name "$function" --payload '{"key": "old.txt"}' answer >/dev/null; cat answer`

// TestLeaveABucketWhereItIs follows docs/adoption.md word for word: a stage's
// functions work on a bucket that stays its owner's.
func TestLeaveABucketWhereItIs(t *testing.T) {
	me, commands := adopter(t, "Leave it where it is")
	if len(commands) != 3 {
		t.Fatalf("docs/adoption.md has %d blocks of commands, want 3", len(commands))
	}
	build := exec.CommandContext(t.Context(), "go", "build", "-o", filepath.Join(me.folder, "bin", "s3seal"), "./cmd/s3seal")
	build.Dir = "../.."
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	// With a policy of the stage's the deployment fails, and the bucket's stays.
	me.runs("cp stages.yaml right.yaml; sed -i 's/, policy: false//' stages.yaml")
	me.fails("npx cdk deploy -c stage=data --all", "has a policy already")
	me.runs("npx cdk destroy -c stage=data --force data-buckets; cp right.yaml stages.yaml")
	me.runs(commands[0])
	me.runs(getOld, "of 2019")
	me.fails("aws s3api get-bucket-versioning --bucket acme-data-2019 | grep Enabled")
	me.runs(commands[1])
	for _, tc := range [][]string{
		{"get-bucket-encryption", `"SSE-C"`, `"BucketKeyEnabled": true`, "arn:aws:kms:"}, {"get-bucket-versioning", "Enabled"},
		{"get-public-access-block", `"RestrictPublicBuckets": true`}, {"get-bucket-ownership-controls", "BucketOwnerEnforced"},
		{"get-bucket-lifecycle-configuration", "DiscardIncompleteUploads"}, {"get-bucket-logging", "acme-data-logs-", "acme-data-2019/"},
		{"list-bucket-inventory-configurations", "AllVersions", "acme-data-inventory-"}, {"get-bucket-policy", "Before"},
	} {
		me.runs("aws s3api "+tc[0]+" --bucket acme-data-2019", tc[1:]...)
	}
	me.runs(commands[2])
	me.runs("aws kms get-key-policy --key-id $(aws s3api get-bucket-encryption --bucket acme-data-2019 --output text --query "+
		"'ServerSideEncryptionConfiguration.Rules[0].ApplyServerSideEncryptionByDefault.KMSMasterKeyID') --query Policy --output text", "AccountAccess", "Enable IAM User Permissions")
	me.runs(getOld, "of 2019")
	me.runs("npx cdk destroy -c stage=data --all --force; aws s3 cp s3://acme-data-2019/old.txt -", "of 2019")
}

//go:build conformance

package conformance

import (
	"bytes"
	"encoding/json"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/s3seal/s3seal/localaws"
)

// shell runs lines of shell as an administrator of the source account, in a
// folder of the test's own.
type shell struct {
	t      *testing.T
	env    []string
	folder string
}

func newShell(t *testing.T, s *localaws.Server) shell {
	t.Helper()
	for _, tool := range []string{"aws", "python3"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Fatalf("%s is not on the PATH: run `make conformance`", tool)
		}
	}
	folder := t.TempDir()
	return shell{t, append(s.Env(source), "PATH="+os.Getenv("PATH"), "HOME="+folder, "LANG=C.UTF-8", "AWS_PAGER=",
		"key="+seedKey, "key_encoded="+seedKey64, "hash="+seedKeyMD5), folder}
}

// runs runs lines that must succeed, and returns what they print.
func (s shell) runs(lines string, says ...string) string {
	s.t.Helper()
	out, err := s.run(lines)
	if err != nil {
		s.t.Fatalf("%s\n%v\n%s", lines, err, out)
	}
	contains(s.t, out, says)
	return out
}

// fails runs lines that must fail and say why.
func (s shell) fails(lines string, says ...string) {
	s.t.Helper()
	out, err := s.run(lines)
	if err == nil {
		s.t.Errorf("%s\nsucceeds:\n%s", lines, out)
	}
	contains(s.t, out, says)
}

func (s shell) run(lines string) (string, error) {
	p := exec.CommandContext(s.t.Context(), "bash", "-euc", lines)
	p.Dir, p.Env = s.folder, s.env
	out, err := p.CombinedOutput()
	// The transfers of `aws s3` show their progress on one line.
	text := string(out)
	for {
		i := strings.LastIndexByte(text, '\r')
		if i < 0 {
			return text, err
		}
		from := strings.LastIndexByte(text[:i], '\n') + 1
		text = text[:from] + text[i+1:]
	}
}

func (s shell) write(name string, content []byte) {
	s.t.Helper()
	if err := os.WriteFile(filepath.Join(s.folder, name), content, 0o600); err != nil {
		s.t.Fatal(err)
	}
}

func (s shell) same(name string, content []byte) {
	s.t.Helper()
	got, err := os.ReadFile(filepath.Join(s.folder, name))
	if err != nil || !bytes.Equal(got, content) {
		s.t.Errorf("%s has %d bytes, not the %d that were uploaded: %v", name, len(got), len(content), err)
	}
}

func random(size int) []byte {
	b := make([]byte, size)
	_, _ = rand.NewChaCha8([32]byte{1}).Read(b)
	return b
}

// TestAWSCLISeed000 is the article's session, line by line.
func TestAWSCLISeed000(t *testing.T) {
	t.Parallel()
	server := start(t)
	seed000(t, server)
	s := newShell(t, server)
	const listed = `^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d +0 `
	ls := func(bucket string, names ...string) {
		t.Helper()
		lines := strings.Split(strings.TrimSpace(s.runs("aws s3 ls s3://"+bucket)), "\n")
		if len(lines) != len(names) {
			t.Errorf("aws s3 ls: %q, want %q", lines, names)
			return
		}
		for i, name := range names {
			if !regexp.MustCompile(listed + regexp.QuoteMeta(name) + "$").MatchString(lines[i]) {
				t.Errorf("aws s3 ls: %q, want %q", lines[i], name)
			}
		}
	}
	for bucket, file := range map[string]string{"fa-125-sse-s3": "test1", "fa-125-sse-kms-aws-managed": "test2", "fa-125-sse-kms-cmk": "test3"} {
		s.runs("touch "+file+".txt; aws s3 cp ./"+file+".txt s3://"+bucket, "upload: ./"+file+".txt to s3://"+bucket+"/"+file+".txt")
		ls(bucket, file+".txt")
		s.runs("aws s3 cp s3://"+bucket+"/"+file+".txt ./"+file+"-download.txt", "download: s3://"+bucket+"/"+file+".txt to ./"+file+"-download.txt")
	}
	if got := s.runs("aws secretsmanager get-secret-value --secret-id fa-125 --query SecretString --output text"); strings.TrimSpace(got) != seedKey {
		t.Errorf("secret %q", got)
	}
	put := "touch test4-1-1.txt; aws s3api put-object --bucket fa-125-sse-c --key test4-1-1.txt --body ./test4-1-1.txt"
	customer := " --sse-customer-algorithm AES256 --sse-customer-key $key_encoded --sse-customer-key-md5 $hash"
	s.fails(put, "An error occurred (AccessDenied) when calling the PutObject operation: ")
	var answer map[string]any
	decode := func(out string) {
		t.Helper()
		answer = nil
		if err := json.Unmarshal([]byte(out), &answer); err != nil {
			t.Fatal(err, out)
		}
		for k, want := range map[string]any{"SSECustomerAlgorithm": "AES256", "SSECustomerKeyMD5": seedKeyMD5} {
			if answer[k] != want {
				t.Errorf("%s is %v, want %v", k, answer[k], want)
			}
		}
		if _, ok := answer["ServerSideEncryption"]; ok {
			t.Errorf("an SSE-C answer names another encryption: %v", answer)
		}
	}
	decode(s.runs(put + customer))
	etag := answer["ETag"]
	ls("fa-125-sse-c", "test4-1-1.txt")

	s.runs("touch test4-1-2.txt")
	s.fails("aws s3 cp ./test4-1-2.txt s3://fa-125-sse-c", "upload failed: ./test4-1-2.txt to s3://fa-125-sse-c/test4-1-2.txt An error occurred (AccessDenied) when calling the PutObject operation: ")
	s.runs("aws s3 cp ./test4-1-2.txt s3://fa-125-sse-c --sse-c AES256 --sse-c-key $key", "upload: ./test4-1-2.txt to s3://fa-125-sse-c/test4-1-2.txt")
	ls("fa-125-sse-c", "test4-1-1.txt", "test4-1-2.txt")

	get := "aws s3api get-object test4-1-1-download.txt --bucket fa-125-sse-c --key test4-1-1.txt"
	s.fails(get, "An error occurred (InvalidRequest) when calling the GetObject operation: "+unreadable)
	decode(s.runs(get + customer))
	for k, want := range map[string]any{
		"AcceptRanges": "bytes", "ContentLength": 0.0, "ContentType": "binary/octet-stream", "ETag": etag,
	} {
		if answer[k] != want {
			t.Errorf("get-object: %s is %v, want %v", k, answer[k], want)
		}
	}
	if m, ok := answer["Metadata"].(map[string]any); !ok || len(m) != 0 {
		t.Errorf("get-object: Metadata is %v", answer["Metadata"])
	}
	s.fails("aws s3 cp s3://fa-125-sse-c/test4-1-2.txt test4-1-2-download.txt", "fatal error: An error occurred (400) when calling the HeadObject operation: Bad Request")
	s.runs("aws s3 cp s3://fa-125-sse-c/test4-1-2.txt ./test4-1-2-download.txt --sse-c AES256 --sse-c-key $key", "download: s3://fa-125-sse-c/test4-1-2.txt to ./test4-1-2-download.txt")
}

// TestAWSCLITransfers uploads in parts, with and without a customer key, and
// keeps a folder in sync.
func TestAWSCLITransfers(t *testing.T) {
	t.Parallel()
	server := start(t)
	seed000(t, server)
	s := newShell(t, server)
	large := random(20 << 20)
	s.write("large", large)
	s.runs("aws s3 cp large s3://fa-125-sse-kms-cmk/large; aws s3 cp s3://fa-125-sse-kms-cmk/large plain")
	s.same("plain", large)
	s.runs("aws s3api head-object --bucket fa-125-sse-kms-cmk --key large --query '[ServerSideEncryption,ETag]' --output text", "aws:kms\t", `-3"`)
	s.runs("aws s3 cp large s3://fa-125-sse-c/large --sse-c AES256 --sse-c-key $key; aws s3 cp s3://fa-125-sse-c/large customer --sse-c AES256 --sse-c-key $key")
	s.same("customer", large)
	s.fails("aws s3 cp s3://fa-125-sse-c/large none", "An error occurred (400) when calling the HeadObject operation: Bad Request")
	s.fails("aws s3 cp s3://fa-125-sse-c/large none --sse-c AES256 --sse-c-key 01234567890123456789012345678901", "An error occurred (403) when calling the HeadObject operation: Forbidden")
	s.runs("aws s3 cp s3://fa-125-sse-c/large s3://fa-125-sse-s3/copied --sse-c-copy-source AES256 --sse-c-copy-source-key $key; aws s3 cp s3://fa-125-sse-s3/copied copied")
	s.same("copied", large)

	s.runs("mkdir -p tree/deep; echo one > tree/one; echo two > tree/deep/two\\ words; aws s3 sync tree s3://fa-125-sse-s3/tree",
		"upload: tree/one to s3://fa-125-sse-s3/tree/one", "upload: tree/deep/two words to s3://fa-125-sse-s3/tree/deep/two words")
	if out := s.runs("aws s3 sync tree s3://fa-125-sse-s3/tree"); out != "" {
		t.Errorf("a sync of what is in sync: %s", out)
	}
	s.runs("rm tree/one; aws s3 sync tree s3://fa-125-sse-s3/tree --delete", "delete: s3://fa-125-sse-s3/tree/one")
	s.runs("aws s3 sync s3://fa-125-sse-s3/tree back; cat 'back/deep/two words'", "two")
	s.runs("aws s3 ls --recursive --summarize s3://fa-125-sse-s3", "Total Objects: 2")
	s.runs("aws s3 ls", "fa-125-sse-c", "fa-125-sse-s3")
	s.runs("aws s3 presign s3://fa-125-sse-s3/copied", server.URL()+"/fa-125-sse-s3/copied?")
	s.runs("aws s3 mv s3://fa-125-sse-s3/copied s3://fa-125-sse-s3/moved; aws s3 rm --recursive s3://fa-125-sse-s3", "delete: s3://fa-125-sse-s3/moved")
	s.runs("aws s3 rb s3://fa-125-sse-s3", "remove_bucket: fa-125-sse-s3")
}

// TestAWSCLIServices uses each of the other services from the command line.
func TestAWSCLIServices(t *testing.T) {
	t.Parallel()
	server := start(t)
	withFunction(t, server)
	s := newShell(t, server)
	s.runs("aws sts get-caller-identity", `"Account": "`+source+`"`, `"Arn": "arn:aws:iam::`+source+`:user/administrator"`)
	s.write("trust.json", []byte(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::`+source+`:root"},"Action":"sts:AssumeRole"}]}`))
	s.runs(`aws iam create-role --role-name r --assume-role-policy-document file://trust.json
		set -- $(aws sts assume-role --role-arn arn:aws:iam::`+source+`:role/r --role-session-name me --query 'Credentials.[AccessKeyId,SecretAccessKey,SessionToken]' --output text)
		export AWS_ACCESS_KEY_ID=$1 AWS_SECRET_ACCESS_KEY=$2 AWS_SESSION_TOKEN=$3
		aws sts get-caller-identity
		if aws s3 ls s3://fa-125-sse-s3; then exit 1; fi`, ":assumed-role/r/me", "An error occurred (AccessDenied) when calling the ListObjectsV2 operation")

	s.write("text", []byte("to be kept"))
	s.runs(`id=$(aws kms create-key --query KeyMetadata.KeyId --output text)
		aws kms create-alias --alias-name alias/mine --target-key-id $id
		aws kms describe-key --key-id alias/mine
		aws kms encrypt --key-id alias/mine --plaintext fileb://text --encryption-context a=b --query CiphertextBlob --output text | base64 -d > sealed
		aws kms decrypt --ciphertext-blob fileb://sealed --encryption-context a=b --query Plaintext --output text | base64 -d > opened
		if aws kms decrypt --ciphertext-blob fileb://sealed; then exit 1; fi
		aws kms generate-data-key --key-id $id --key-spec AES_256 --query KeyId
		aws kms enable-key-rotation --key-id $id; aws kms get-key-rotation-status --key-id $id
		aws kms disable-key --key-id $id
		if aws kms encrypt --key-id $id --plaintext fileb://text; then exit 1; fi
		aws kms schedule-key-deletion --key-id $id --pending-window-in-days 7; aws kms list-aliases; aws kms list-keys`,
		`"KeyState": "Enabled"`, "(InvalidCiphertextException)", `"KeyRotationEnabled": true`, "(DisabledException)", `"KeyState": "PendingDeletion"`, `"AliasName": "alias/mine"`)
	s.same("opened", []byte("to be kept"))

	s.runs(`aws secretsmanager create-secret --name s --secret-string first
		aws secretsmanager put-secret-value --secret-id s --secret-string second
		aws secretsmanager get-secret-value --secret-id s --version-stage AWSPREVIOUS
		aws secretsmanager describe-secret --secret-id s; aws secretsmanager list-secrets
		aws secretsmanager delete-secret --secret-id s --recovery-window-in-days 7
		if aws secretsmanager get-secret-value --secret-id s; then exit 1; fi`, `"SecretString": "first"`, "AWSCURRENT", "(InvalidRequestException)")

	s.runs(`aws lambda list-functions --query 'Functions[].FunctionName'
		aws lambda get-function-configuration --function-name fa-125-function
		aws lambda invoke --function-name fa-125-function --payload '{"Do":"put"}' put.json
		aws lambda invoke --function-name fa-125-function --payload '{"Do":"get"}' --log-type Tail --query LogResult --output text get.json | base64 -d
		aws lambda invoke --function-name fa-125-function --payload '{"Do":"fly"}' fly.json`, "fa-125-function", `"StatusCode": 200`, "REPORT RequestId: ", `"FunctionError": "Unhandled"`)
	s.same("get.json", []byte(`"awstut!"`))
	s.runs(`aws logs describe-log-groups; stream=$(aws logs describe-log-streams --log-group-name /aws/lambda/fa-125-function --query 'logStreams[0].logStreamName' --output text)
		aws logs get-log-events --log-group-name /aws/lambda/fa-125-function --log-stream-name "$stream"
		aws logs filter-log-events --log-group-name /aws/lambda/fa-125-function --filter-pattern REPORT`, "/aws/lambda/fa-125-function", "END RequestId: ", "REPORT RequestId: ")

	s.write("template.json", []byte(bucketTemplate("deployed-by-cli", "cold")))
	s.runs(`aws cloudformation validate-template --template-body file://template.json
		aws cloudformation deploy --stack-name cli --template-file template.json
		aws cloudformation deploy --stack-name cli --template-file template.json --no-fail-on-empty-changeset
		aws cloudformation describe-stacks --stack-name cli; aws cloudformation list-stack-resources --stack-name cli
		aws cloudformation describe-stack-events --stack-name cli --query 'StackEvents[0].ResourceStatus'
		aws cloudformation get-template --stack-name cli --query TemplateBody
		aws cloudformation delete-stack --stack-name cli; aws cloudformation wait stack-delete-complete --stack-name cli
		if aws cloudformation describe-stacks --stack-name cli; then exit 1; fi`,
		"Successfully created/updated stack - cli", "No changes to deploy. Stack cli is up to date", `"OutputValue": "deployed-by-cli"`, "Stack with id cli does not exist")

	s.runs(`aws ssm put-parameter --name /p --type String --value v; aws ssm get-parameter --name /p --query Parameter.Value`, `"v"`)
}

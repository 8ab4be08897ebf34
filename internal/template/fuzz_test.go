package template

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/s3seal/s3seal/internal/cfn"
)

// FuzzTemplate reads any text as a template and asks for everything in it: no
// input may panic, hang, or resolve to something with an intrinsic left.
func FuzzTemplate(f *testing.F) {
	files, _ := filepath.Glob("testdata/*.yaml")
	more, _ := filepath.Glob("testdata/*/*.json")
	nested, _ := filepath.Glob("testdata/*/*/*.json")
	for _, file := range append(append(files, more...), nested...) {
		data, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	f.Add([]byte(world))
	f.Add([]byte(props))
	f.Add([]byte("Resources: {B: {Type: 'AWS::S3::Bucket', Properties: !Sub ['${x}', {x: !Ref B}]}}"))
	f.Fuzz(func(t *testing.T, data []byte) {
		tmpl, err := Parse(data)
		if err != nil {
			return
		}
		s := &Stack{Name: "Fuzz", Account: "111122223333", Region: "eu-west-1"}
		s.bind(tmpl)
		NewAssembly(s)
		for _, r := range s.Resources() {
			_, _ = r.Ref()
			_, _ = r.Att("Arn")
			value, err := r.Properties().Resolve()
			if err != nil && strings.TrimSpace(err.Error()) == "" {
				t.Error("an empty error")
			}
			if err == nil {
				noneLeft(t, value)
			}
			keys, _ := r.Properties().Keys()
			for _, key := range keys {
				_, _ = r.Properties().Get(key).Index(0).Default("x").String()
			}
		}
		for name := range tmpl.Outputs {
			_, _ = s.Output(name)
		}
		_, _ = cfn.Order(s.Needs())
		s.Refused()
	})
}

func noneLeft(t *testing.T, value any) {
	switch v := value.(type) {
	case map[string]any:
		for key, below := range v {
			if len(v) == 1 && (key == "Ref" || strings.HasPrefix(key, "Fn::")) {
				t.Errorf("%s is left", key)
			}
			noneLeft(t, below)
		}
	case []any:
		for _, below := range v {
			noneLeft(t, below)
		}
	case cfn.NoValue, nil:
		t.Errorf("%#v is left", v)
	}
}

// BenchmarkResolve resolves all properties of a template of 20 resources, each
// with a policy that refers to two others.
func BenchmarkResolve(b *testing.B) {
	var text strings.Builder
	text.WriteString(`{"Resources": {"Key": {"Type": "AWS::KMS::Key"}`)
	for i := 1; i < 20; i++ {
		fmt.Fprintf(&text, `, "Role%[1]d": {"Type": "AWS::IAM::Role", "Properties": {"Policies": [{"PolicyDocument": {"Version": "2012-10-17", "Statement": [
			{"Effect": "Allow", "Action": ["s3:GetObject", "s3:PutObject"], "Resource": [{"Fn::Sub": "arn:${AWS::Partition}:s3:::data-${AWS::AccountId}-%[1]d/*"}]},
			{"Effect": "Allow", "Action": "kms:Decrypt", "Resource": {"Fn::GetAtt": ["Key", "Arn"]},
			 "Condition": {"ArnEquals": {"aws:PrincipalArn": {"Fn::Join": ["", ["arn:", {"Ref": "AWS::Partition"}, ":iam::", {"Ref": "AWS::AccountId"}, ":role/", {"Ref": "Role%[1]d"}]]}}}}]}}]}}`, i)
	}
	text.WriteString(`}}`)
	s := stackOf(b, text.String())
	s.Account, s.Region = "111122223333", "eu-west-1"
	b.ReportAllocs()
	for b.Loop() {
		for _, r := range s.Resources() {
			if _, err := r.Properties().Resolve(); err != nil {
				b.Fatal(err)
			}
		}
	}
}

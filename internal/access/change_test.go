package access

import (
	"encoding/json"
	"slices"
	"strings"
)

// tree is JSON of a template.
type tree = map[string]any

// parsed is a JSON text, which the changes are written in.
func parsed[T any](text string) T {
	var v T
	if err := json.Unmarshal([]byte(text), &v); err != nil {
		panic(err.Error() + ": " + text)
	}
	return v
}

// named finds a resource by its type and the name without its hash.
func named(t tree, typ, name string) (id string, resource tree) {
	for id, r := range t["Resources"].(tree) {
		if r := r.(tree); r["Type"] == typ && ShortName(id) == name {
			return id, r
		}
	}
	panic("no " + typ + " " + name)
}

func properties(t tree, typ, name string) tree {
	_, r := named(t, typ, name)
	return r["Properties"].(tree)
}

// with adds resources, given as JSON; "BUCKET", "KEY", "ROLE", "FUNCTION" and
// "SECRET" are the logical ids of some that every stage has.
func with(resources string) func(tree) {
	return func(t tree) {
		for place, of := range map[string][2]string{
			"BUCKET": {"AWS::S3::Bucket", "SseS3"}, "KEY": {"AWS::KMS::Key", "SseKmsCmkKey"}, "ROLE": {"AWS::IAM::Role", "SseCFunctionsGetRole"},
			"FUNCTION": {"AWS::Lambda::Function", "SseCFunctionsGet"}, "SECRET": {"AWS::SecretsManager::Secret", "SseCKeyRing"},
		} {
			if strings.Contains(resources, place) {
				id, _ := named(t, of[0], of[1])
				resources = strings.ReplaceAll(resources, place, id)
			}
		}
		for id, r := range parsed[tree]("{" + resources + "}") {
			t["Resources"].(tree)[id] = r
		}
	}
}

// set gives a property of a resource a value, given as JSON; "" removes it.
func set(typ, name, property, value string) func(tree) {
	return func(t tree) {
		p := properties(t, typ, name)
		keys := strings.Split(property, ".")
		for _, k := range keys[:len(keys)-1] {
			switch v := p[k].(type) {
			case tree:
				p = v
			case []any: // a list of one
				p = v[0].(tree)
			}
		}
		last := keys[len(keys)-1]
		if value == "" {
			delete(p, last)
			return
		}
		p[last] = parsed[any](strings.ReplaceAll(value, "BUCKET", bucketName(t, "SseS3")))
	}
}

func bucketName(t tree, name string) string {
	return properties(t, "AWS::S3::Bucket", name)["BucketName"].(string)
}

// document finds a policy of a resource.
func document(t tree, typ, name string) tree {
	p := properties(t, typ, name)
	for _, property := range []string{"PolicyDocument", "KeyPolicy", "AssumeRolePolicyDocument"} {
		if d, ok := p[property].(tree); ok {
			return d
		}
	}
	panic("no policy of " + name)
}

// says adds statements, given as JSON, to a policy. "BUCKET" is a bucket's ARN.
func says(typ, name, statements string) func(tree) {
	return func(t tree) {
		d := document(t, typ, name)
		text := strings.ReplaceAll(statements, "BUCKET", "arn:aws:s3:::"+bucketName(t, "SseS3"))
		d["Statement"] = append(d["Statement"].([]any), parsed[[]any]("["+text+"]")...)
	}
}

// admits adds a statement to the policy of the bucket SseS3 that allows reading.
func admits(who string) func(tree) {
	return says("AWS::S3::BucketPolicy", "SseS3Policy", `{"Sid": "New", "Effect": "Allow", "Action": "s3:GetObject", "Resource": "BUCKET/*", `+who+`}`)
}

// trusts adds a statement to the trust policy of a role.
func trusts(statement string) func(tree) {
	return says("AWS::IAM::Role", "SseCFunctionsGetRole", `{"Sid": "New", "Effect": "Allow", `+statement+`}`)
}

// keeps adds a statement to the key policy of a customer managed key.
func keeps(statement string) func(tree) {
	return says("AWS::KMS::Key", "SseKmsCmkKey", `{"Sid": "New", "Effect": "Allow", "Resource": "*", `+statement+`}`)
}

// statement changes the statement of a Sid.
func statement(typ, name, sid string, f func(tree)) func(tree) {
	return func(t tree) {
		for _, s := range document(t, typ, name)["Statement"].([]any) {
			if s := s.(tree); s["Sid"] == sid {
				f(s)
				return
			}
		}
		panic("no statement " + sid)
	}
}

// without a statement.
func withoutStatement(typ, name, sid string) func(tree) {
	return func(t tree) {
		d := document(t, typ, name)
		list := d["Statement"].([]any)
		i := slices.IndexFunc(list, func(s any) bool { return s.(tree)["Sid"] == sid })
		d["Statement"] = slices.Delete(list, i, i+1)
	}
}

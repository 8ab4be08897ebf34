package alike

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func of(stage, account, region string) *Member {
	return &Member{Like: "pay", Values: map[string]string{Stage: stage, Prefix: "acme-" + stage, Account: account, Region: region}}
}

func TestFormsOfAlikeStagesAreTheSame(t *testing.T) {
	const text = `{"Owner": "OWNER", "Not": "an OWNER", "Bucket": "acme-STAGE-sse-s3-ACCOUNT-REGION-an", "Role": "arn:aws:iam::ACCOUNT:role/LETTERSreplicaRoleHASH",
"Description": "s3seal STAGE: buckets", "Other": ["acme-STAGES", "1ACCOUNT", "REGIONa", "a-STAGE-b", "sseKmsKey0A1B2C3D"]}`
	write := func(m *Member, hash string) string {
		return strings.NewReplacer("an OWNER", "an s3 team", "OWNER", m.Values[Tag("owner")], "STAGES", "pays", "1ACCOUNT", "1999999999999", "REGIONa", "eu-west-1a", "STAGE", m.Stage(), "ACCOUNT", m.Values[Account],
			"REGION", m.Values[Region], "LETTERS", m.letters(), "HASH", hash).Replace(text)
	}
	pay, web := of("pay", "111122223333", "eu-west-1"), of("web-2", "444455556666", "us-east-1")
	pay.Values[Tag("owner")], web.Values[Tag("owner")] = "s3 team", "Team web-2 & co"
	one, other := write(pay, "0123ABCD"), write(web, "FFFF0000")
	form, ok := pay.Form(one)
	if !ok || strings.Contains(form, "111122223333") {
		t.Errorf("%v: %q", ok, form)
	}
	if same, _ := web.Form(other); same != form {
		t.Errorf("the forms differ:%s", cmp.Diff(form, same))
	}
	for m, want := range map[*Member]string{pay: one, web: other} {
		if got, err := m.Fill(form); got != want || err != nil {
			t.Errorf("%s is filled in: %v%s", m.Stage(), err, cmp.Diff(want, got))
		}
	}
}

// A reader of the snapshots gets what the app makes, or nothing.
func FuzzFillGivesBackWhatTheFormIsOf(f *testing.F) {
	f.Add("dev", "acme-dev", "111122223333", "eu-west-1", `"acme-dev-x" dev devFoo01234567 devFoo76543210`)
	f.Add("a", "a", "1", "a", "a a-a 1-a1 aaaFFFFFFFF")
	f.Add("", "", "", "", "\x00stage\x00")
	f.Fuzz(func(t *testing.T, stage, prefix, account, region, text string) {
		m := &Member{Values: map[string]string{Stage: stage, Prefix: prefix, Account: account, Region: region}}
		form, ok := m.Form(text)
		if !ok {
			return
		}
		if got, err := m.Fill(form); err != nil || got != text {
			t.Errorf("%q became %q, by the form %q: %v", text, got, form, err)
		}
	})
}

func TestListIsReadAsItIsWritten(t *testing.T) {
	pay, web := of("pay", "111122223333", "eu-west-1"), of("web", "444455556666", "us-east-1")
	web.Values[Tag("owner")] = `The "A", team`
	web.Generated = map[string]string{"replicaRole": "0123ABCD", "replicaPolicy": "4567ABCD"}
	text := Text([]Member{*pay, *web})
	members, err := Parse(text)
	if err != nil || Text(members) != text {
		t.Errorf("%v: %s\nbecame\n%s", err, text, Text(members))
	}
	for name, text := range map[string]string{
		"no tag":        strings.Replace(text, "tag:", "", 1),
		"no header":     strings.SplitN(text, "\n", 2)[1],
		"a stage twice": text + "pay,pay,,,,,,,\n",
		"like nothing":  text + "dev,prod,,,,,,,\n",
		"like a like":   text + "web,prod,,,,,,,\n",
		"no stage":      text + "pay,,,,,,,,\n",
		"no hash":       text + "pay,prod,,,,,,replicaRole,\n",
		"a column more": text + "pay,prod,,,,,,,,\n",
	} {
		if _, err := Parse(text); err == nil {
			t.Errorf("%s is read:\n%s", name, text)
		}
	}
}

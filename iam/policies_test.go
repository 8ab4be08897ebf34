package iam

import "testing"

const (
	owner    = "111122223333" // of the resource
	stranger = "444455556666"

	roleARN = "arn:aws:iam::111122223333:role/app/put"
	keyARN  = "arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"
	object  = "arn:aws:s3:::data/a.txt"
)

var (
	putRole    = RoleSession(roleARN, "s1")
	alice      = User("arn:aws:iam::111122223333:user/alice")
	mallory    = User("arn:aws:iam::444455556666:user/mallory")
	deliveries = ServicePrincipal("delivery.logs.amazonaws.com")
)

// parse reads a document that the test wrote.
func parse(t testing.TB, text string) Document {
	t.Helper()
	d, err := ParseDocument([]byte(text))
	if err != nil {
		t.Fatalf("%v in %s", err, text)
	}
	return d
}

// source is a document of the given statements, nil for "".
func source(t testing.TB, name, statements string) *Source {
	t.Helper()
	if statements == "" {
		return nil
	}
	return &Source{Name: name, Document: parse(t, `{"Version":"2012-10-17","Statement":[`+statements+`]}`)}
}

func sources(t testing.TB, name, statements string) []Source {
	t.Helper()
	if statements == "" {
		return nil
	}
	return []Source{*source(t, name, statements)}
}

// verdict is a decision in a word.
type verdict string

const (
	allowed verdict = "Allowed"
	eDeny   verdict = "explicit deny"
	iDeny   verdict = "implicit deny"
)

func verdictOf(d Decision) verdict {
	switch {
	case d.Allowed:
		return allowed
	case d.Explicit:
		return eDeny
	}
	return iDeny
}

// check fails the test with the explanation if the verdict is another.
func check(t testing.TB, req Request, p Policies, want verdict) {
	t.Helper()
	if d := Evaluate(req, p); verdictOf(d) != want {
		t.Errorf("got %s, want %s\n%s", verdictOf(d), want, d.Explain())
	}
}

// checkOpen is check, and whether AWS's documents leave the denial open.
func checkOpen(t testing.TB, req Request, p Policies, want verdict, open bool) {
	t.Helper()
	d := Evaluate(req, p)
	if verdictOf(d) != want || (d.Open != "") != open {
		t.Errorf("got %s, open %q, want %s, open %t\n%s", verdictOf(d), d.Open, want, open, d.Explain())
	}
}

// put is an upload to object.
func put(c Caller) Request {
	return Request{Caller: c, Action: "s3:PutObject", Resource: object, ResourceAccount: owner}
}

func decrypt(c Caller) Request {
	return Request{Caller: c, Action: "kms:Decrypt", Resource: keyARN, ResourceAccount: owner}
}

const (
	allowAll = `{"Effect":"Allow","Action":"*","Resource":"*"}`
	denyAll  = `{"Effect":"Deny","Action":"*","Resource":"*"}`
	readOnly = `{"Effect":"Allow","Action":"s3:GetObject","Resource":"*"}`
)

// admit is a statement of a resource policy that allows everything to a principal.
func admit(principal string) string {
	return `{"Effect":"Allow","Principal":` + principal + `,"Action":"*","Resource":"*"}`
}

// refuse is one that denies everything.
func refuse(principal string) string {
	return `{"Effect":"Deny","Principal":` + principal + `,"Action":"*","Resource":"*"}`
}

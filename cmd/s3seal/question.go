package main

import (
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"

	"github.com/s3seal/s3seal/iam"
	"github.com/s3seal/s3seal/internal/access"
	"github.com/s3seal/s3seal/internal/question"
	"github.com/s3seal/s3seal/internal/resource"
)

// answer is one question, with the explanation. Of a role or user that the
// stacks don't make they don't tell the IAM policies: both ends are shown.
func (c *accessCmd) answer(stdout, stderr io.Writer, set *resource.Set) error {
	if c.Who == "" || c.Action == "" || c.On == "" {
		return errors.New("one question needs all of --who, --action and --on")
	}
	who, known, err := c.principal(set)
	if err != nil {
		return err
	}
	action, err := c.action(stderr, set)
	if err != nil {
		return err
	}
	on, arn, err := c.resource(set)
	if err != nil {
		return err
	}
	if on.OfObjects(action) && arn == on.ARN {
		return fmt.Errorf("--on %q: %s is about an object: write its key behind the bucket: %s/KEY", c.On, action, c.On)
	}
	// A request comes over TLS unless --with says otherwise.
	keys := question.With(question.OverTLS)
	for k, v := range c.With {
		keys[k] = iam.Strings{v}
	}
	o := on.Operation(action, arn, keys)
	var text strings.Builder
	if on.Assumption != "" {
		fmt.Fprintf(&text, "%s: %s\n", on.Name, on.Assumption)
	}
	if known {
		text.WriteString(verdict(access.Ask(set, who, o)))
	} else {
		fmt.Fprintf(&text, "The stacks don't make %s, so its IAM policies aren't known here.\n", who.Name)
		fmt.Fprintf(&text, "with no IAM policy of its own: %s", verdict(access.Ask(set, who, o)))
		who.Identity = question.Allowing("*")
		fmt.Fprintf(&text, "with all permissions of IAM: %s", verdict(access.Ask(set, who, o)))
	}
	_, err = io.WriteString(stdout, text.String())
	return err
}

func verdict(a access.Answer) string {
	word, reason := "not allowed", a.Decision.Explain()
	switch {
	case a.Allowed:
		word = "allowed"
	case a.Unknown != nil:
		word, reason = "unknown", fmt.Sprintf("It rests on what could not be read: %v\nWithout that it is %s", a.Unknown, reason)
	case a.Decision.Allowed:
		reason = "The bucket's " + a.By + " refuses what the policies allow; by these it is " + reason
	}
	return word + "\n" + reason + "\n"
}

// action is --action, in the spelling of the documentation when it is known.
func (c *accessCmd) action(stderr io.Writer, set *resource.Set) (string, error) {
	if service, name, ok := strings.Cut(c.Action, ":"); !ok || service == "" || name == "" || strings.ContainsAny(c.Action, "*? ") {
		return "", fmt.Errorf("--action %q: write one action, such as s3:GetObject", c.Action)
	}
	known := access.Actions(set)
	if i := slices.IndexFunc(known, func(k string) bool { return strings.EqualFold(k, c.Action) }); i >= 0 {
		return known[i], nil
	}
	if meant := access.Meant(c.Action, known); meant != "" {
		return "", fmt.Errorf("--action %s: no such action: did you mean %s?", c.Action, meant)
	}
	fmt.Fprintf(stderr, "note: no policy of the stacks names %s; if there is such an action, only patterns such as s3:* decide about it\n", c.Action)
	return c.Action, nil
}

var (
	identityARN = regexp.MustCompile(`^arn:(aws[a-z-]*):iam::([0-9]{12}):(?:(role|user)/.+|root)$`)
	sessionARN  = regexp.MustCompile(`^arn:(aws[a-z-]*):sts::([0-9]{12}):assumed-role/([^/]+)/([^/]+)$`)
)

// principal is whom --who means; known says whether its IAM policies are.
func (c *accessCmd) principal(set *resource.Set) (who access.Principal, known bool, err error) {
	principals := access.Principals(set)
	for _, p := range principals {
		if p.Name == c.Who {
			return p, true, nil
		}
	}
	caller, err := c.caller(set, principals)
	return access.Principal{Name: c.Who, Caller: caller}, set.IdentityOf(caller) != nil || !hasIAMPolicies(caller), err
}

// hasIAMPolicies: the root user needs none, and services have none.
func hasIAMPolicies(c iam.Caller) bool {
	return c.Account() != "" && !strings.HasSuffix(c.PrincipalARN(), ":root")
}

func (c *accessCmd) caller(set *resource.Set, principals []access.Principal) (iam.Caller, error) {
	if m := sessionARN.FindStringSubmatch(c.Who); m != nil {
		return iam.RoleSession(roleOf(set, principals, m[1], m[2], m[3]), m[4]), nil
	}
	m := identityARN.FindStringSubmatch(c.Who)
	switch {
	case m != nil && m[3] == "role":
		return iam.RoleSession(c.Who, "session"), nil
	case m != nil && m[3] == "user":
		return iam.User(c.Who), nil
	case m != nil:
		return iam.AccountRoot(c.Who), nil
	case strings.HasSuffix(c.Who, ".amazonaws.com"):
		return iam.ServicePrincipal(c.Who), nil
	case strings.HasPrefix(c.Who, "arn:"):
		return iam.Caller{}, fmt.Errorf("--who %s: nobody asks under such an ARN: write one such as arn:aws:iam::111122223333:role/NAME, .../user/NAME or arn:aws:sts::111122223333:assumed-role/NAME/SESSION", c.Who)
	}
	var names []string
	for _, p := range principals {
		names = append(names, p.Name)
	}
	return iam.Caller{}, fmt.Errorf("--who %q: nobody of that name: write an ARN, or one of:\n  %s", c.Who, strings.Join(names, "\n  "))
}

// roleOf is the ARN of a session's role. The session's ARN has the role's name
// without its path, and a name is used once in an account, whatever the path: a
// role that the stacks make or name is the one that is meant.
func roleOf(set *resource.Set, principals []access.Principal, partition, account, name string) string {
	if r := set.RoleNamed(name, account); r != nil {
		return r.ARN
	}
	for _, p := range principals {
		arn := p.Caller.RoleARN()
		if p.Caller.Account() == account && strings.HasSuffix(arn, "/"+name) {
			return arn
		}
	}
	return "arn:" + partition + ":iam::" + account + ":role/" + name
}

// resource is what --on means, as given by its ARN or by its name in the table,
// optionally with an object's key behind a slash, and the ARN with that key.
func (c *accessCmd) resource(set *resource.Set) (access.Resource, string, error) {
	resources := access.Resources(set)
	var names []string
	for _, r := range resources {
		for _, given := range []string{r.Name, r.ARN, strings.TrimSuffix(r.ARN, ":*")} {
			if c.On == given {
				return r, r.ARN, nil
			}
			if key, isObject := strings.CutPrefix(c.On, given+"/"); isObject && strings.HasPrefix(r.Name, "bucket ") {
				return r, r.ARN + "/" + key, nil
			}
		}
		names = append(names, r.Name)
	}
	if why := leftOutOf(set, c.On); why != nil {
		return access.Resource{}, "", fmt.Errorf("%s: unknown: %w", c.On, why)
	}
	if strings.HasPrefix(c.On, "arn:") {
		return access.Resource{}, "", fmt.Errorf("%s: unknown: no such %s in these stacks", c.On, kind(c.On))
	}
	return access.Resource{}, "", fmt.Errorf("--on %q: no resource of that name: write an ARN, or one of:\n  %s", c.On, strings.Join(names, "\n  "))
}

// leftOutOf says what of a resource could not be read, so that it is in no table.
func leftOutOf(set *resource.Set, arn string) error {
	if parts := resource.ARN(arn); parts.Service == "s3" {
		arn, _, _ = strings.Cut(parts.Resource, "/")
	}
	return set.LeftOut(arn)
}

// kind is what an ARN is of.
func kind(arn string) string {
	parts := resource.ARN(arn)
	switch what, _, _ := strings.Cut(parts.Resource, "/"); parts.Service {
	case "s3":
		return "bucket"
	case "kms":
		return "key"
	case "secretsmanager":
		return "secret"
	case "iam":
		return what
	case "logs":
		return "log group"
	}
	return "resource"
}

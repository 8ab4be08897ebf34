package bootstrap

import (
	"fmt"
	"maps"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// Command is a program with its arguments.
type Command []string

// String is the command as a shell reads it, on one line.
func (c Command) String() string {
	words := make([]string, len(c))
	for i, w := range c {
		words[i] = quoted(w)
	}
	return strings.Join(words, " ")
}

var plainWord = regexp.MustCompile(`^[A-Za-z0-9_@%+=:,./-]+$`)

func quoted(word string) string {
	if plainWord.MatchString(word) {
		return word
	}
	return "'" + strings.ReplaceAll(word, "'", `'\''`) + "'"
}

// URL is the environment as the CDK writes it.
func (e *Environment) URL() string { return "aws://" + e.Account + "/" + e.Region }

// CDK are the arguments of the CDK's CLI that bootstrap an environment. What
// stages.yaml says nothing about isn't said here either, and so stays as it is.
//
// All trusted accounts are in one call, since each call replaces those before. An
// empty word is an empty list to the CLI, which takes the trust away.
//
// Source: https://docs.aws.amazon.com/cdk/v2/guide/ref-cli-cmd-bootstrap.html
func (p *Plan) CDK(e *Environment) Command {
	s := p.Settings
	c := Command{"bootstrap", e.URL(), "--qualifier", s.Qualifier, "--toolkit-stack-name", s.StackName}
	list := func(flag string, values []string) {
		if values != nil && len(values) == 0 {
			values = []string{""}
		}
		for _, v := range values {
			c = append(c, flag, v)
		}
	}
	flag := func(name string, on *bool) {
		if on != nil {
			c = append(c, name+"="+strconv.FormatBool(*on))
		}
	}
	list("--trust", s.Trust)
	list("--trust-for-lookup", s.TrustForLookup)
	list("--cloudformation-execution-policies", p.ExecutionPolicies(e))
	if s.PermissionsBoundary != "" {
		c = append(c, "--custom-permissions-boundary", s.PermissionsBoundary)
	}
	flag("--apply-permissions-boundary-to-all-roles", s.BoundaryOnAllRoles)
	flag("--bootstrap-customer-key", s.CustomerKey)
	flag("--public-access-block-configuration", s.PublicAccessBlock)
	flag("--deny-external-id", s.DenyExternalID)
	flag("--termination-protection", s.TerminationProtection)
	for _, key := range slices.Sorted(maps.Keys(s.Tags)) {
		c = append(c, "--tags", key+"="+s.Tags[key])
	}
	return c
}

// Credentials says whose the commands of an environment need to be.
func (p *Plan) Credentials(e *Environment) string {
	s := "credentials of " + e.Account
	if p.Settings.Role != "" {
		s = "credentials of " + p.roleARN(e)
	}
	return s
}

func (p *Plan) roleARN(e *Environment) string {
	return e.ExpandIn("arn:{partition}:iam::{account}:role/" + p.Settings.Role)
}

// Commands are what prepares an environment, in this order. The template of its
// execution policies is in the folder, as TemplateName.
func (p *Plan) Commands(e *Environment, folder, assembly string) []Command {
	var commands []Command
	var profile []string
	if p.Settings.Profile != "" {
		profile = []string{"--profile", e.ExpandIn(p.Settings.Profile)}
	}
	cdk := append(Command{"npx", "cdk"}, p.CDK(e)...)
	if len(e.Policies) > 0 {
		commands = append(commands, append(Command{
			"aws", "cloudformation", "deploy", "--stack-name", p.policyStack(), "--template-file", filepath.Join(folder, e.TemplateName()),
			"--capabilities", "CAPABILITY_NAMED_IAM", "--no-fail-on-empty-changeset", "--region", e.Region,
		}, profile...))
		cdk = append(cdk, "--app", assembly) // so that the app doesn't run once more for each
	}
	return append(commands, append(cdk, profile...))
}

// TemplateName is the file of the template of an environment's execution policies.
func (e *Environment) TemplateName() string {
	return fmt.Sprintf("%s-%s.json", e.Account, e.Region)
}

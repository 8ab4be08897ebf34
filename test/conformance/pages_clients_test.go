//go:build conformance

package conformance

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// TestPageSamples runs what the pages show for the shell and for Python against
// the example stages, the blocks of a page one after the other. Lines of the
// shell that begin with "#=" stand below a command and are what it prints; "…"
// is any text. A command without them must succeed.
func TestPageSamples(t *testing.T) {
	t.Parallel()
	d := deployStages(t)
	outputs := func(stack string, names ...string) map[string]string {
		v := map[string]string{}
		for i := 0; i < len(names); i += 2 {
			v[names[i]] = d.output(t, stack, names[i+1])
		}
		return v
	}
	variables := map[string]map[string]string{
		"encryption.md":          outputs("dev-buckets", "bucket", "SseKmsCmkBucket", "key_arn", "SseKmsCmkKeyArn"),
		"sse-s3.md":              outputs("dev-buckets", "bucket", "SseS3Bucket"),
		"sse-kms-aws-managed.md": outputs("dev-buckets", "bucket", "SseKmsAwsManagedBucket"),
		"sse-kms-cmk.md":         outputs("dev-buckets", "bucket", "SseKmsCmkBucket", "key_arn", "SseKmsCmkKeyArn"),
		"dsse-kms.md":            outputs("dev-buckets", "bucket", "DsseKmsBucket", "key_arn", "DsseKmsKeyArn"),
		"sse-c.md":               outputs("dev-buckets", "bucket", "SseCBucket", "ring_arn", "SseCKeyRingArn"),
		"replication.md":         outputs("prod-replication", "source_bucket", "SourceBucketName"),
	}
	maps.Copy(variables["replication.md"], outputs("prod-replica", "replica_bucket", "ReplicaBucketName", "replica_key_arn", "ReplicaKeyArn"))
	for _, page := range encryptionPages {
		t.Run(page, func(t *testing.T) {
			t.Parallel()
			s := newShell(t, d.server)
			for name, value := range variables[page] {
				s.env = append(s.env, name+"="+value)
			}
			s.profiles(d)
			s.write("hello.txt", []byte("hello\n"))
			for _, b := range blocks(read(t, docs+page)) {
				switch b.language {
				case "sh":
					s.session(fmt.Sprintf("docs/%s:%d", page, b.line), b.text)
				case "python":
					s.python(b.text, variables[page])
				}
				if err := d.server.WaitReplication(t.Context()); err != nil {
					t.Fatal(err)
				}
			}
		})
	}
}

// profiles are the names by which the page about replication tells accounts
// apart.
func (s shell) profiles(d exampleStages) {
	s.t.Helper()
	folder := filepath.Join(s.folder, ".aws")
	if err := os.Mkdir(folder, 0o700); err != nil {
		s.t.Fatal(err)
	}
	var text strings.Builder
	for _, p := range []struct{ name, account, region string }{
		{"source", prodSource, region}, {"replica", prodReplica, abroadRegion},
	} {
		k := d.server.Credentials(p.account)
		fmt.Fprintf(&text, "[profile %s]\nregion = %s\naws_access_key_id = %s\naws_secret_access_key = %s\n", p.name, p.region, k.AccessKeyID, k.SecretAccessKey)
	}
	s.write(".aws/config", []byte(text.String()))
}

// session runs a block's commands in one shell.
func (s shell) session(at, text string) {
	s.t.Helper()
	type command struct{ text, prints string }
	var commands []command
	for _, line := range strings.Split(strings.TrimSpace(text), "\n") {
		last := len(commands) - 1
		switch said, isOutput := strings.CutPrefix(line, "#="); {
		case isOutput && last >= 0:
			commands[last].prints += strings.TrimPrefix(said, " ") + "\n"
		case last >= 0 && commands[last].prints == "" && (strings.HasSuffix(commands[last].text, "\\") || strings.HasPrefix(line, " ")):
			commands[last].text += "\n" + line
		default:
			commands = append(commands, command{text: line})
		}
	}
	const mark = "\x01"
	var script strings.Builder
	for _, c := range commands {
		script.WriteString(c.text + "\necho \"" + mark + "$?\"\n")
	}
	if strings.Contains(text, "--profile") { // the profile's Region is meant
		s.env = slices.DeleteFunc(slices.Clone(s.env), isRegion)
	}
	out, _ := s.run("set +e\n" + script.String())
	answers := strings.Split(out, mark)
	if len(answers) != len(commands)+1 {
		s.t.Fatalf("%s: %d commands gave %d answers:\n%s", at, len(commands), len(answers)-1, out)
	}
	for i, c := range commands {
		printed := answers[i]
		if i > 0 {
			_, printed, _ = strings.Cut(printed, "\n") // after the status of the command before
		}
		status, _, _ := strings.Cut(answers[i+1], "\n")
		printed = strings.TrimSpace(printed) + "\n"
		if c.prints == "" {
			if status != "0" {
				s.t.Errorf("%s: %s\nends with %s:\n%s", at, c.text, status, printed)
			}
			continue
		}
		pattern := "^" + strings.ReplaceAll(regexp.QuoteMeta(c.prints), "…", ".*") + "$"
		if !regexp.MustCompile("(?s)" + pattern).MatchString(printed) {
			s.t.Errorf("%s: %s\nprints:\n%swant:\n%s", at, c.text, printed, c.prints)
		}
	}
}

func isRegion(variable string) bool {
	return strings.HasPrefix(variable, "AWS_REGION=") || strings.HasPrefix(variable, "AWS_DEFAULT_REGION=")
}

// python runs a block with the page's variables.
func (s shell) python(text string, variables map[string]string) {
	s.t.Helper()
	var script strings.Builder
	for _, name := range slices.Sorted(maps.Keys(variables)) {
		fmt.Fprintf(&script, "%s = %q\n", name, variables[name])
	}
	s.write("sample.py", []byte(script.String()+text))
	s.runs("python3 -W error::DeprecationWarning sample.py")
}

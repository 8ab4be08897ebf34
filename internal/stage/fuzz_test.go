package stage

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/s3seal/s3seal/encryption"
)

// FuzzParse wants an answer to everything: a complete file, or problems that
// each stand at a place of the file and on one line.
func FuzzParse(f *testing.F) {
	for _, c := range badFiles(f) {
		f.Add([]byte(c[0]))
	}
	for _, data := range goodFiles(f) {
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		file, err := Parse("stages.yaml", data)
		problems := checkAnswer(t, file, err)
		// What ends a line in YAML 1.1.
		lines := 1
		for _, mark := range []string{"\n", "\r", "\u0085", "\u2028", "\u2029"} {
			lines += strings.Count(string(data), mark)
		}
		for _, p := range problems {
			if strings.ContainsAny(p.Message, "\r\n") || p.Line < 0 || p.Line > lines || (p.Line == 0) != (p.Column == 0) {
				t.Errorf("%q", p)
			}
		}
	})
}

// checkAnswer checks that a file is accepted with complete stages, or refused with
// problems, which it returns.
func checkAnswer(t *testing.T, file *File, err error) Errors {
	t.Helper()
	if err == nil {
		if len(file.Stages) == 0 {
			t.Error("accepted without a stage")
		}
		for i := range file.Stages {
			checkComplete(t, &file.Stages[i])
		}
		return nil
	}
	var problems Errors
	if !errors.As(err, &problems) || len(problems) == 0 || file != nil {
		t.Fatalf("%T %v with file %v", err, err, file)
	}
	return problems
}

// checkComplete checks what the stacks rely on in a stage that was accepted.
func checkComplete(t *testing.T, s *Stage) {
	t.Helper()
	environments := []Environment{s.Source}
	if s.Replica != nil {
		environments = append(environments, s.Replica.Environment)
		if s.Replica.SourceBucket == "" || s.Replica.ReplicaBucket == "" || s.Replica.SourceEncryption == "" {
			t.Errorf("incomplete %+v", s.Replica)
		}
	}
	for _, e := range environments {
		if len(e.Account) != 12 || e.Partition() == "" || e.DNSSuffix() == "" {
			t.Errorf("environment %+v", e)
		}
	}
	for p, o := range s.bucketOptions() {
		if *o.functions == nil || *o.minimumTLS == "" {
			t.Errorf("incomplete bucket of %s", p)
		}
		if wrong, _ := bucketNameFault(*o.name); *o.name != "" && wrong != "" {
			t.Errorf("bucket name %q %s", *o.name, wrong)
		}
	}
	names := s.SourceBuckets()
	for _, o := range s.bucketOptions() {
		if *o.existing != nil { // of any namespace
			names = slices.DeleteFunc(names, func(name string) bool { return name == *o.name })
		}
	}
	for _, name := range append(names, s.LogBucket(s.Source), s.InventoryBucket(s.Source)) {
		checkEnding(t, name, s.Source, s.Namespace(s.Source))
	}
	if r := s.Replica; r != nil && !r.Existing {
		for _, name := range []string{r.ReplicaBucket, s.LogBucket(r.Environment), s.InventoryBucket(r.Environment)} {
			checkEnding(t, name, r.Environment, s.Namespace(r.Environment))
		}
	}
	if s.Has(encryption.DSSEKMS) && (s.Buckets.DSSEKMS.Name == "" || *s.Buckets.DSSEKMS.BucketKey) || s.Has(encryption.SSEKMSCMK) && s.Buckets.SSEKMSCMK.Name == "" {
		t.Errorf("buckets %+v", s.Buckets)
	}
	if len(s.ReplicationRoleName()) > 64 {
		t.Errorf("role name %q", s.ReplicationRoleName())
	}
}

// checkEnding checks that S3 can make a bucket of that name in the namespace.
func checkEnding(t *testing.T, name string, e Environment, n Namespace) {
	t.Helper()
	own := strings.HasSuffix(name, "-"+e.Account+"-"+e.Region+"-an")
	if n == AccountRegional && !own || n == Global && strings.HasSuffix(name, "-an") || n != AccountRegional && n != Global {
		t.Errorf("bucket name %q in the namespace %q of %v", name, n, e)
	}
}

func BenchmarkParse(b *testing.B) {
	laughs := "a: &a [x,x,x,x,x,x,x,x,x]\n" + strings.Repeat("b: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\n", maxBytes/36)
	for name, input := range map[string]string{
		"good":       string(goodFiles(b)["testdata/good/every_field.yaml"]),
		"anchors":    laughs,
		"words":      strings.Repeat("a", maxBytes),
		"lines":      strings.Repeat("a\n", maxBytes/2),
		"keys":       strings.Repeat("a: 1\n", maxBytes/5),
		"blanks":     strings.Repeat(" \n", maxBytes/2),
		"hyphens":    strings.Repeat("- ", maxBytes/2),
		"items":      "stages:\n" + strings.Repeat("- a\n", maxBytes/4-4),
		"flow items": "stages: [" + strings.Repeat("a,", maxBytes/2-16) + "]",
		"brackets":   strings.Repeat("[", maxBytes),
		"closing":    strings.Repeat("]", maxBytes),
		"colons":     strings.Repeat(": ", maxBytes/2),
		"quotes":     strings.Repeat(`"`, maxBytes),
		"quoted":     strings.Repeat("'a' ", maxBytes/4),
		"open quote": `"` + strings.Repeat("a\n", maxBytes/2-1),
		"comments":   strings.Repeat("#\n", maxBytes/2),
		"literal":    "a: |\n" + strings.Repeat(" a\n", maxBytes/3-4),
		"literals":   strings.Repeat("a: |\n", maxBytes/5),
		"documents":  strings.Repeat("---\n", maxBytes/4),
		"questions":  strings.Repeat("? ", maxBytes/2),
		"stages":     "stages:\n" + strings.Repeat(" a: {}\n", maxBytes/7-4),
		"flow keys":  "stages: {" + strings.Repeat("a: 1,", maxBytes/5-16) + "}",
		"blocks":     strings.Repeat(" a:\n"+strings.Repeat("  a: |\n", maxEntries), 9),
		"nul":        strings.Repeat("\x00", maxBytes),
	} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				Parse("stages.yaml", []byte(input))
			}
		})
	}
}

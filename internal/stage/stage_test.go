package stage

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/s3seal/s3seal/internal/golden"
)

const separator = "\n----------\n"

// badFiles returns the cases under testdata/bad: a stages.yaml, a separator, and
// the problems that it has.
func badFiles(t testing.TB) map[string][2]string {
	t.Helper()
	paths, err := filepath.Glob("testdata/bad/*.txt")
	if err != nil || len(paths) == 0 {
		t.Fatalf("no cases: %v", err)
	}
	cases := map[string][2]string{}
	for _, path := range paths {
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		input, want, found := strings.Cut(string(data), separator)
		if !found && !golden.Updating() {
			t.Fatalf("%s: no separator line of ten hyphens", path)
		}
		cases[path] = [2]string{input + "\n", strings.TrimSuffix(want, "\n")}
	}
	return cases
}

func TestBadFilesGetEveryProblemWithItsPlace(t *testing.T) {
	for path, c := range badFiles(t) {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".txt"), func(t *testing.T) {
			file, err := Parse("stages.yaml", []byte(c[0]))
			if err == nil {
				t.Fatalf("accepted as %+v", file)
			}
			var problems Errors
			if !errors.As(err, &problems) {
				t.Fatalf("%T, not Errors", err)
			}
			for _, p := range problems {
				if strings.ContainsAny(p.Message, "\n\r") || !strings.Contains(p.Message, ": ") && !strings.Contains(p.Message, "did you mean") {
					t.Errorf("not one line of what is wrong and what to write: %q", p.Message)
				}
			}
			golden.File(t, path, strings.TrimSuffix(c[0], "\n")+separator+err.Error()+"\n")
		})
	}
}

func goodFiles(t testing.TB) map[string][]byte {
	t.Helper()
	paths, err := filepath.Glob("testdata/good/*.yaml")
	if err != nil || len(paths) == 0 {
		t.Fatalf("no files: %v", err)
	}
	files := map[string][]byte{}
	for _, path := range append(paths, "../../stages.yaml", "testdata/many/stages.yaml") {
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		files[path] = data
	}
	return files
}

func TestGoodFilesLoad(t *testing.T) {
	for path := range goodFiles(t) {
		if _, err := Load(path); err != nil {
			t.Error(err)
		}
	}
}

func TestMissingFileSaysHowToMakeOne(t *testing.T) {
	_, err := Load(filepath.Join(t.TempDir(), "stages.yaml"))
	if !errors.Is(err, fs.ErrNotExist) {
		t.Fatalf("got %v, want fs.ErrNotExist", err)
	}
	_, example, found := strings.Cut(err.Error(), "for example: ")
	if !found || strings.Contains(err.Error(), "\n") {
		t.Fatalf("not one line with an example: %v", err)
	}
	if _, err := Parse("example", []byte(example)); err != nil {
		t.Errorf("the example doesn't load: %v", err)
	}
}

func TestDirectoryIsAnError(t *testing.T) {
	if _, err := Load(t.TempDir()); err == nil || !strings.Contains(err.Error(), "cannot be read") {
		t.Errorf("got %v", err)
	}
}

// What a text file under testdata would lose, or is too large for.
func TestBadBytes(t *testing.T) {
	good := "stages: {dev: {prefix: acme-dev, source: {account: \"111122223333\", region: ap-northeast-1}}}\n"
	for name, c := range map[string]struct{ input, want string }{
		"empty":                 {"", `stages.yaml: holds no stages: ` + example},
		"not UTF-8":             {"stages:\n  d\xffv: 1\n", "stages.yaml:2:4: not UTF-8 text: save the file with the encoding UTF-8"},
		"UTF-16":                {"\xff\xfes\x00t\x00", "stages.yaml:1:1: not UTF-8 text: save the file with the encoding UTF-8"},
		"10 MB":                 {strings.Repeat("# 789012345\n", 10<<20/12), "stages.yaml: larger than 128 KiB, which no stages.yaml is: give the path of the right file"},
		"tab":                   {"stages:\n  dev:\n  \tprefix: a\n", "stages.yaml:3:3: a tab in the indentation: indent with spaces, since YAML allows no tabs there"},
		"byte order mark":       {"\ufeff" + good, ""},
		"carriage returns":      {strings.ReplaceAll("# a\n"+good, "\n", "\r\n"), ""},
		"place in CRLF file":    {"stages:\r\n  dev:\r\n    prefix: acme-dev\r\n    source: {account: \"1\", region: ap-northeast-1}\r\n", `stages.yaml:4:23: account "1" is not 12 digits long but 1: write all of them, leading zeros too`},
		"place after wide text": {"stages: {dev: {tags: {名前: 値}, prefix: A, source: {account: \"111122223333\", region: ap-northeast-1}}}", `stages.yaml:1:39: prefix "A": write 3 to 24 of a-z, 0-9 and hyphen, the first and the last no hyphen`},
		"many entries":          {"stages:\n" + strings.Repeat("  a: {}\n", 2000), "stages.yaml:1002:3: more than 1000 entries in one mapping or list: split the file"},
		"many words":            {"stages: [" + strings.Repeat("a,", 30000) + "]", "stages.yaml:1:2010: more than 1000 entries in one mapping or list: split the file"},
		"deep brackets":         {"stages: " + strings.Repeat("[", 100000), "stages.yaml:1:41: more than 16 levels of nesting: the fields of a stage need six"},
		"deep braces":           {"stages: " + strings.Repeat("{a: ", 30000), "stages.yaml:1:137: more than 16 levels of nesting: the fields of a stage need six"},
		"deep hyphens":          {"stages:\n  " + strings.Repeat("- ", 50000) + "a", "stages.yaml:2:65: more than 16 levels of nesting: the fields of a stage need six"},
	} {
		t.Run(name, func(t *testing.T) {
			got := ""
			if _, err := Parse("stages.yaml", []byte(c.input)); err != nil {
				got = err.Error()
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestLargeFileIsNotReadWhole(t *testing.T) {
	path := filepath.Join(t.TempDir(), "stages.yaml")
	if err := os.WriteFile(path, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(path, 1<<40); err != nil {
		t.Skip(err)
	}
	if _, err := Load(path); err == nil || !strings.Contains(err.Error(), "larger than") {
		t.Errorf("got %v", err)
	}
}

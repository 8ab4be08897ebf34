package conformance

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/s3seal/s3seal/internal/golden"
)

// encryptionPages are the pages about encryption, whose every table and sample
// is tested here. The first is their index.
var encryptionPages = []string{
	"encryption.md", "sse-s3.md", "sse-kms-aws-managed.md", "sse-kms-cmk.md", "dsse-kms.md", "sse-c.md", "replication.md",
}

const (
	docs     = "../../docs/"
	madeHead = "<!-- Made by `go test ./test/conformance -update`: "
)

// isMade compares a part of a page with what the code makes, or writes it.
func isMade(t *testing.T, page, part, want string) {
	t.Helper()
	golden.Part(t, docs+page, madeHead+part+". -->", "\n"+strings.TrimSpace(want)+"\n\n")
}

// madeParts are the parts of a page that the code makes.
func madeParts(t *testing.T, page string) []string {
	t.Helper()
	var parts []string
	for _, m := range regexp.MustCompile(regexp.QuoteMeta(madeHead)+`(.*)\. -->`).FindAllStringSubmatch(read(t, docs+page), -1) {
		parts = append(parts, m[1])
	}
	return parts
}

// block is a fenced block of a page.
type block struct {
	language, text string
	line           int
}

var fence = regexp.MustCompile("(?ms)^```([^\n]*)\n(.*?)^```$")

func blocks(text string) []block {
	var found []block
	for _, m := range fence.FindAllStringSubmatchIndex(text, -1) {
		found = append(found, block{text[m[2]:m[3]], text[m[4]:m[5]], 1 + strings.Count(text[:m[0]], "\n")})
	}
	return found
}

// TestPagesShowOnlyWhatRuns: a sample that nobody ran would mislead. Blocks of
// Go are compiled and run by TestGoSamples, those of the shell and of Python by
// TestPageSamples, stages.yaml by TestPageStages.
func TestPagesShowOnlyWhatRuns(t *testing.T) {
	t.Parallel()
	for _, page := range encryptionPages {
		text := read(t, docs+page)
		samples := 0
		for _, part := range madeParts(t, page) {
			if strings.HasPrefix(part, "sample ") {
				samples++
			}
		}
		inGo := 0
		for _, b := range blocks(text) {
			switch b.language {
			case "go":
				inGo++
			case "sh", "python", "yaml":
			default:
				t.Errorf("docs/%s:%d: a block in %q, which nothing runs", page, b.line, b.language)
			}
		}
		if inGo != samples {
			t.Errorf("docs/%s has %d blocks of Go, and %d of them are made from code that ran", page, inGo, samples)
		}
	}
}

// TestPagesAreFound: a page that no index names is not read.
func TestPagesAreFound(t *testing.T) {
	t.Parallel()
	index := links(read(t, "../../README.md"))
	if !slices.Contains(index, "docs/"+encryptionPages[0]) {
		t.Errorf("README.md doesn't link to docs/%s", encryptionPages[0])
	}
	for _, page := range links(read(t, docs+encryptionPages[0])) {
		file, _, _ := strings.Cut(page, "#")
		index = append(index, "docs/"+file)
	}
	files, err := filepath.Glob(docs + "*.md")
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	for _, page := range files {
		if name := "docs/" + filepath.Base(page); !slices.Contains(index, name) {
			t.Errorf("neither README.md nor docs/%s links to %s", encryptionPages[0], name)
		}
	}
	for _, page := range encryptionPages {
		if !slices.Contains(files, filepath.Clean(docs+page)) {
			t.Errorf("there is no docs/%s", page)
		}
	}
}

// TestLinksResolve: every link to a file of this repository has its file, and
// its heading there.
func TestLinksResolve(t *testing.T) {
	t.Parallel()
	var files []string
	for _, pattern := range []string{"../../*.md", docs + "*.md"} {
		found, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, found...)
	}
	for _, page := range files {
		for _, link := range links(read(t, page)) {
			file, anchor, _ := strings.Cut(link, "#")
			target := page
			if file != "" {
				target = filepath.Join(filepath.Dir(page), file)
			}
			if _, err := os.Stat(target); err != nil {
				t.Errorf("%s links to %s: %v", page, link, err)
				continue
			}
			if anchor != "" && !slices.Contains(anchors(read(t, target)), anchor) {
				t.Errorf("%s links to %s, and there is no such heading", page, link)
			}
		}
	}
}

var (
	linkForm = regexp.MustCompile(`\]\(([^)\s]+)\)`)
	inCode   = regexp.MustCompile("`[^`\n]*`")
	heading  = regexp.MustCompile(`(?m)^#+ +(.*)$`)
	notSlug  = regexp.MustCompile(`[^\p{L}\p{N} _-]`)
)

// links are those to files of this repository.
func links(text string) []string {
	var found []string
	for _, m := range linkForm.FindAllStringSubmatch(inCode.ReplaceAllString(fence.ReplaceAllString(text, ""), ""), -1) {
		if !strings.Contains(m[1], "://") {
			found = append(found, m[1])
		}
	}
	return found
}

// anchors are a page's headings as GitHub makes links to them.
func anchors(text string) []string {
	var found []string
	for _, m := range heading.FindAllStringSubmatch(fence.ReplaceAllString(text, ""), -1) {
		found = append(found, strings.ReplaceAll(notSlug.ReplaceAllString(strings.ToLower(m[1]), ""), " ", "-"))
	}
	return found
}

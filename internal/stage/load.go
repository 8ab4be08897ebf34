package stage

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"unicode/utf8"

	"go.yaml.in/yaml/v4"

	"github.com/s3seal/s3seal/internal/fileerror"
)

// maxBytes is the largest stages.yaml that is read: more than a thousand small
// stages.
const maxBytes = 128 << 10

// Load reads the stages.yaml at path, fills in every default and expands every
// name. Its error is an Errors where the file's content is at fault; another one
// says why the file couldn't be read.
func Load(path string) (*File, error) {
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%s: %w: %s", path, fs.ErrNotExist, example)
	}
	if err != nil {
		return nil, fmt.Errorf("%s: cannot be opened: %w", path, fileerror.Reason(err))
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, maxBytes+1)) // one more than Parse accepts
	if err != nil {
		return nil, fmt.Errorf("%s: cannot be read: %w", path, fileerror.Reason(err))
	}
	return read(path, filepath.Dir(path), data)
}

// Parse does what Load does with a file's content, but for the files that it
// names, which it doesn't read. name stands for the file in the problems. Its error
// is always an Errors.
func Parse(name string, data []byte) (*File, error) { return read(name, "", data) }

func read(name, folder string, data []byte) (*File, error) {
	d := &document{
		name: name, folder: folder, places: map[string]place{}, bad: map[string]bool{}, members: map[string]*member{}, groups: map[string]int{},
		filled: map[*yaml.Node]place{}, patterns: map[string]place{}, tables: map[string]*table{}, uses: map[string][]string{},
	}
	file := d.file(data)
	if len(d.problems) > 0 {
		problems := d.gather()
		problems.sort(d.name)
		return nil, problems
	}
	return file, nil
}

// file decodes, completes and checks the document.
func (d *document) file(data []byte) *File {
	if len(data) > maxBytes {
		d.report("", "larger than %d KiB, which no stages.yaml is: give the path of the right file", maxBytes>>10)
		return nil
	}
	data = bytes.TrimPrefix(data, []byte("\ufeff")) // a byte order mark, which some editors write
	if !utf8.Valid(data) {
		d.reportAt(placeOfInvalid(data), "", "not UTF-8 text: save the file with the encoding UTF-8")
		return nil
	}
	root := d.parse(string(data))
	if len(d.problems) > 0 {
		return nil
	}
	file := &File{}
	if root == nil {
		d.report("", "holds no stages: %s", example)
		return nil
	}
	d.decodeFile(root, file)
	for i := range file.Stages {
		s := &file.Stages[i]
		d.setDefaults(s)
		d.checkStage(s)
		d.expandNames(s)
		d.checkIngest(s)
	}
	d.checkStages(file.Stages)
	d.checkAcknowledgements(file.Acknowledge)
	d.checkOrganization(&file.Organization)
	d.checkBootstrap(&file.Bootstrap, file.Stages)
	d.setBootstrapDefaults(&file.Bootstrap)
	return file
}

const example = `write, for example: stages: {dev: {prefix: acme-dev, source: {account: "111122223333", region: ap-northeast-1}}}`

// decodeFile decodes the top-level fields. The stages are in the order of the
// file, whatever stands there before what they are filled from.
func (d *document) decodeFile(root *yaml.Node, file *File) {
	d.places[""] = place{line: 1, column: 1}
	top, ok := d.mapping(root, "")
	if !ok {
		return
	}
	var defaults *yaml.Node
	for _, e := range top {
		switch e.key {
		case "stages", "groups":
		case "defaults":
			d.decode(e.value, reflect.ValueOf(&Stage{}).Elem(), e.path)
			d.refuseAccount(e.path)
			defaults = e.value
			d.shared = append(d.shared, e.value)
		case "acknowledge":
			d.decode(e.value, reflect.ValueOf(&file.Acknowledge).Elem(), e.path)
		case "organization":
			d.decode(e.value, reflect.ValueOf(&file.Organization).Elem(), e.path)
		case "bootstrap":
			d.decode(e.value, reflect.ValueOf(&file.Bootstrap).Elem(), e.path)
		default:
			d.report(e.path, `unknown field %s: the fields here are "stages", under which each stage stands, "groups" of accounts, "defaults" of both, "acknowledge", "organization" and "bootstrap"`, quote(e.key))
		}
	}
	for _, e := range top {
		switch e.key {
		case "stages":
			file.Stages = append(file.Stages, d.decodeStages(e, defaults)...)
		case "groups":
			file.Stages = append(file.Stages, d.decodeGroups(e, defaults)...)
		}
	}
	if !d.has("stages") && !d.has("groups") && len(d.problems) == 0 {
		d.report("stages", "stages is missing: %s", example)
	}
}

// placeOfInvalid returns where data stops being UTF-8.
func placeOfInvalid(data []byte) place {
	at := place{line: 1, column: 1}
	for len(data) > 0 {
		r, n := utf8.DecodeRune(data)
		if r == utf8.RuneError && n == 1 {
			break
		}
		at.column++
		if r == '\n' {
			at = place{line: at.line + 1, column: 1}
		}
		data = data[n:]
	}
	return at
}

// Names returns the stages' names, in the order of the file.
func (f *File) Names() []string {
	names := make([]string, len(f.Stages))
	for i := range f.Stages {
		names[i] = f.Stages[i].Name
	}
	return names
}

// Accounts returns the accounts of all stages, sorted.
func (f *File) Accounts() []string {
	var accounts []string
	for i := range f.Stages {
		accounts = append(accounts, f.Stages[i].Accounts()...)
	}
	slices.Sort(accounts)
	return slices.Compact(accounts)
}

package cfn

import (
	"bytes"
	"errors"
	"fmt"
	"regexp"

	"github.com/s3seal/s3seal/internal/strictjson"
	"github.com/s3seal/s3seal/internal/yamlnode"
)

const (
	// MaxSize is well over CloudFormation's own limit of 1 MB for a template
	// (https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html):
	// local files may have comments and spaces that a deployment strips.
	MaxSize = 4 << 20

	// maxDepth bounds how deep a template may nest. The deepest real ones (state
	// machines, WAF rules) stay under 50.
	maxDepth = 200
)

// Document is a template's text as values, with the intrinsic functions in them
// in their long form.
type Document struct {
	Value any

	// Duplicates are the keys that a mapping has twice, in the order of the
	// text. Value has the last of the values.
	Duplicates []Duplicate
}

// Duplicate is a key that stands again in the same mapping.
type Duplicate struct {
	Path         string // of the key, such as "Resources.Bucket.Type"
	Line, Column int    // from 1
	Same         bool   // whether the value is the one that the key had
}

// maxDuplicates is how many keys that are given twice are told of. Each has its
// path, which can be long.
const maxDuplicates = 1000

var errDuplicates = fmt.Errorf("more than %d keys are given twice: keep one of each", maxDuplicates)

// object is how JSON begins; a YAML flow mapping may have a plain key instead.
var object = regexp.MustCompile(`^\s*\{\s*["}]|^\s*\{\s*$`)

// Decode reads a template in JSON or YAML. The error is one line.
func Decode(data []byte) (*Document, error) {
	if len(data) > MaxSize {
		return nil, fmt.Errorf("%d bytes: CloudFormation accepts no template larger than 1 MB", len(data))
	}
	data = bytes.TrimPrefix(data, []byte("\ufeff")) // The byte order mark of some editors.
	if object.Match(data) {
		return decodeJSON(data)
	}
	documents, err := yamlnode.Load(data, maxDepth)
	if err != nil {
		return nil, err
	}
	if len(documents) != 1 {
		return nil, fmt.Errorf("%d YAML documents: a template is one", len(documents))
	}
	y := &yamlDecoder{}
	value, err := y.value(documents[0].Content[0], nil)
	return &Document{value, y.duplicates}, err
}

func decodeJSON(data []byte) (*Document, error) {
	d := &Document{}
	var again []*strictjson.Error
	var err error
	d.Value, err = strictjson.Decode(data, maxDepth, func(e *strictjson.Error) error {
		if len(again) == maxDuplicates {
			return errDuplicates
		}
		again = append(again, e)
		return nil
	})
	for _, e := range again {
		d.Duplicates = append(d.Duplicates, Duplicate{e.Path, e.Line, e.Column, e.Same})
	}
	var wrong *strictjson.Error
	if errors.As(err, &wrong) {
		err = fmt.Errorf("%d:%d: %w", wrong.Line, wrong.Column, wrong)
	}
	return d, err
}

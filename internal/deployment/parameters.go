package deployment

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"

	"github.com/s3seal/s3seal/internal/cfn"
	"github.com/s3seal/s3seal/internal/fileerror"
)

// readParameters reads a file of parameters in a form of the AWS CLI or of
// CodePipeline:
//
//	[{"ParameterKey": "Name", "ParameterValue": "value"}]
//	["Name=value"]
//	{"Parameters": {"Name": "value"}}
//
// Source: https://docs.aws.amazon.com/cli/latest/reference/cloudformation/deploy/ (parameter-overrides)
// and https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/continuous-delivery-codepipeline-cfn-artifacts.html
func readParameters(file string) (map[string]string, error) {
	data, err := os.ReadFile(file)
	if err != nil {
		return nil, unreadable(file, err)
	}
	document, err := cfn.Decode(data)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	values := map[string]string{}
	switch value := document.Value.(type) {
	case []any:
		for _, entry := range value {
			if err = addParameter(values, entry); err != nil {
				break
			}
		}
	case map[string]any:
		err = addParameters(values, value["Parameters"])
	default:
		err = errNoParameters
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	return values, nil
}

var errNoParameters = errors.New(`no parameters of a form that is known: write [{"ParameterKey": NAME, "ParameterValue": VALUE}], ["NAME=VALUE"] or {"Parameters": {NAME: VALUE}}`)

// addParameter adds an entry of a list.
func addParameter(values map[string]string, entry any) error {
	switch entry := entry.(type) {
	case string:
		if name, value, ok := strings.Cut(entry, "="); ok && name != "" {
			values[name] = value
			return nil
		}
	case map[string]any:
		name, _ := entry["ParameterKey"].(string)
		if previous, _ := entry["UsePreviousValue"].(bool); previous && name != "" {
			return nil // no file has it
		}
		if value, ok := cfn.ScalarText(entry["ParameterValue"]); ok && name != "" {
			values[name] = value
			return nil
		}
	}
	return errNoParameters
}

// addParameters adds a mapping of names to values. CodePipeline has lists too.
func addParameters(values map[string]string, mapping any) error {
	given, ok := mapping.(map[string]any)
	if !ok {
		return errNoParameters
	}
	for name, value := range given {
		list, ok := value.([]any)
		if !ok {
			list = []any{value}
		}
		var texts []string
		for _, element := range list {
			text, ok := cfn.ScalarText(element)
			if !ok {
				return fmt.Errorf("parameter %s must be text, not %s", name, cfn.KindOf(element))
			}
			texts = append(texts, text)
		}
		values[name] = strings.Join(texts, ",")
	}
	return nil
}

// unreadable says why a file can't be read, with its name once.
func unreadable(file string, err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("%s: no such file", file)
	}
	return fmt.Errorf("%s: %w", file, fileerror.Reason(err))
}

package cfn

import "encoding/json"

// ScalarText gives the text of a scalar, as CloudFormation converts between
// strings, numbers and booleans.
func ScalarText(value any) (string, bool) {
	switch v := value.(type) {
	case string:
		return v, true
	case json.Number:
		return v.String(), true
	case bool:
		if v {
			return "true", true
		}
		return "false", true
	}
	return "", false
}

// KindOf names the kind of a value in an error.
func KindOf(value any) string {
	switch value.(type) {
	case nil:
		return "null"
	case string:
		return "a string"
	case json.Number:
		return "a number"
	case bool:
		return "a boolean"
	case []any:
		return "a list"
	case map[string]any:
		return "a mapping"
	case NoValue:
		return "AWS::NoValue"
	}
	return "something else"
}

package handler

import (
	"fmt"
	"net/url"
	"slices"
	"strings"

	"github.com/s3seal/s3seal/internal/partition"
)

// Fill puts values in the place of an ARN's {names}, of which "{A B}" stands for
// the values of both. A name with several values gives as many ARNs, one with none
// gives none. A value that is an ARN itself, or the address of a queue, is the
// whole ARN.
func Fill(pattern string, values func(name string) ([]string, error)) ([]string, error) {
	arns, whole := []string{""}, []string(nil)
	for pattern != "" {
		before, rest, found := strings.Cut(pattern, "{")
		names, after, _ := strings.Cut(rest, "}")
		pattern = after
		if !found {
			arns = each(arns, []string{before})
			break
		}
		var parts []string
		for _, name := range strings.Fields(names) {
			given, err := values(name)
			if err != nil {
				return nil, err
			}
			for _, value := range given {
				arn, err := arnOf(value)
				switch {
				case err != nil:
					return nil, err
				case arn != "":
					whole = append(whole, arn)
				default:
					parts = append(parts, before+value)
				}
			}
		}
		arns = each(arns, parts)
	}
	arns = append(arns, whole...)
	slices.Sort(arns)
	return slices.Compact(arns), nil
}

// each is every text of the first list before every one of the second.
func each(first, second []string) []string {
	var all []string
	for _, a := range first {
		for _, b := range second {
			all = append(all, a+b)
		}
	}
	return all
}

// arnOf is the ARN that a value is by itself; "" for a name.
func arnOf(value string) (string, error) {
	if strings.HasPrefix(value, "arn:") {
		return value, nil
	}
	if !strings.HasPrefix(value, "https://") {
		return "", nil
	}
	address, err := url.Parse(value)
	if err != nil {
		return "", fmt.Errorf("%q is no address of a queue", value)
	}
	host, path := strings.Split(address.Host, "."), strings.Split(strings.TrimPrefix(address.Path, "/"), "/")
	if len(host) < 3 || host[0] != "sqs" || len(path) != 2 {
		return "", fmt.Errorf("%q is no address of a queue", value)
	}
	return "arn:" + partition.Of(host[1]).Name + ":sqs:" + host[1] + ":" + path[0] + ":" + path[1], nil
}

// Texts are the texts at a property path of properties that are resolved: of every
// element where there is a list.
func Texts(properties any, path string) []string {
	var texts []string
	for _, v := range at(properties, path) {
		if text, ok := v.(string); ok {
			texts = append(texts, text)
		}
	}
	return texts
}

// Set tells whether properties that are resolved have a value at a path.
func Set(properties any, path string) bool { return len(at(properties, path)) > 0 }

func at(v any, path string) []any {
	switch x := v.(type) {
	case nil:
		return nil
	case []any:
		var all []any
		for _, element := range x {
			all = append(all, at(element, path)...)
		}
		return all
	case map[string]any:
		if path != "" {
			name, rest, _ := strings.Cut(path, ".")
			return at(x[name], rest)
		}
	}
	if path != "" {
		return nil
	}
	return []any{v}
}

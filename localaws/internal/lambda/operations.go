package lambda

import (
	"slices"

	"github.com/s3seal/s3seal/localaws/internal/api"
)

// operation is one that answers with a value. Invoke, which answers with the
// function's own bytes, is not among them.
type operation struct {
	name   string
	answer func(s *Service, c api.Call, function string) (any, error)
}

// operations by method, API version and the path after the function's name;
// FUNCTION stands for that.
//
// Source: Lambda API reference, the pages of these names.
var operations = map[string]operation{
	"GET 2015-03-31": {"ListFunctions", func(s *Service, c api.Call, _ string) (any, error) {
		return s.listFunctions(c)
	}},
	"GET 2015-03-31 FUNCTION":               {"GetFunction", (*Service).getFunction},
	"GET 2015-03-31 FUNCTION configuration": {"GetFunctionConfiguration", (*Service).getFunctionConfiguration},
	"GET 2015-03-31 FUNCTION policy":        {"GetPolicy", (*Service).getPolicy},
	"GET 2019-09-30 FUNCTION concurrency":   {"GetFunctionConcurrency", (*Service).getFunctionConcurrency},
}

const invokePath = "POST 2015-03-31 FUNCTION invocations"

// Operations are the names of all operations.
func (s *Service) Operations() []string {
	names := []string{"Invoke"}
	for _, o := range operations {
		names = append(names, o.name)
	}
	slices.Sort(names)
	return names
}

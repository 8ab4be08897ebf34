package s3

import "slices"

// Operations are the names of all operations.
func (s *Service) Operations() []string {
	names := []string{"ListBuckets"}
	for _, table := range []map[string]operation{bucketOperations, objectOperations} {
		for _, o := range table {
			names = append(names, o.name)
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// Package partition knows the partitions of AWS and their Regions.
package partition

import (
	"slices"
	"strings"
)

// Partition is a part of AWS with accounts, ARNs and domain names of its own.
type Partition struct {
	Name      string // as in ARNs: "aws-cn"
	DNSSuffix string // "amazonaws.com.cn"
}

// table has, for every partition, what the names of its Regions begin with, and
// the Regions. A Region that AWS has opened since is missing until it is added
// here; its partition is found all the same. The standard partition is first: it
// has every Region that no other's prefix fits.
//
// Source: IAM user guide, reference-arns (aws, aws-cn, aws-us-gov);
// partitions.json and endpoints.json of botocore 1.43.11, read in November 2026,
// for all.
var table = []struct {
	Partition
	prefixes, regions []string
}{
	{Partition{"aws", "amazonaws.com"}, nil, []string{
		"af-south-1",
		"ap-east-1", "ap-east-2", "ap-northeast-1", "ap-northeast-2", "ap-northeast-3", "ap-south-1", "ap-south-2", "ap-southeast-1", "ap-southeast-2", "ap-southeast-3", "ap-southeast-4", "ap-southeast-5", "ap-southeast-6", "ap-southeast-7",
		"ca-central-1", "ca-west-1",
		"eu-central-1", "eu-central-2", "eu-north-1", "eu-south-1", "eu-south-2", "eu-west-1", "eu-west-2", "eu-west-3",
		"il-central-1",
		"me-central-1", "me-south-1",
		"mx-central-1",
		"sa-east-1",
		"us-east-1", "us-east-2", "us-west-1", "us-west-2",
	}},
	{Partition{"aws-cn", "amazonaws.com.cn"}, []string{"cn-"}, []string{"cn-north-1", "cn-northwest-1"}},
	{Partition{"aws-us-gov", "amazonaws.com"}, []string{"us-gov-"}, []string{"us-gov-east-1", "us-gov-west-1"}},
	{Partition{"aws-iso", "c2s.ic.gov"}, []string{"us-iso-"}, []string{"us-iso-east-1", "us-iso-west-1"}},
	{Partition{"aws-iso-b", "sc2s.sgov.gov"}, []string{"us-isob-"}, []string{"us-isob-east-1", "us-isob-west-1"}},
	{Partition{"aws-iso-e", "cloud.adc-e.uk"}, []string{"eu-isoe-"}, []string{"eu-isoe-west-1"}},
	{Partition{"aws-iso-f", "csp.hci.ic.gov"}, []string{"us-isof-", "eu-isof-"}, []string{"us-isof-east-1", "us-isof-south-1"}},
	{Partition{"aws-eusc", "amazonaws.eu"}, []string{"eusc-"}, []string{"eusc-de-east-1"}},
}

// Of is the partition of a Region, whether the Region is known or not; of "" it
// is the standard one.
func Of(region string) Partition {
	for _, p := range table {
		if slices.ContainsFunc(p.prefixes, func(prefix string) bool { return strings.HasPrefix(region, prefix) }) {
			return p.Partition
		}
	}
	return table[0].Partition
}

// All are the partitions, the standard one first.
func All() []Partition {
	var all []Partition
	for _, p := range table {
		all = append(all, p.Partition)
	}
	return all
}

// Regions are the partition's known Regions, sorted.
func (p Partition) Regions() []string {
	for _, row := range table {
		if row.Partition == p {
			return slices.Clone(row.regions)
		}
	}
	return nil
}

// Regions are all known Regions, sorted.
func Regions() []string {
	var all []string
	for _, p := range table {
		all = append(all, p.regions...)
	}
	slices.Sort(all)
	return all
}

// HasRegion says whether a Region is known. A typing error that passes as a
// Region would only be found in the middle of a deployment.
func HasRegion(region string) bool {
	for _, p := range table { // and not Regions, which is made anew: this is asked for every name
		if slices.Contains(p.regions, region) {
			return true
		}
	}
	return false
}

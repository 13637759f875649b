using Aegis.Studies.Metering;
using FsCheck;
using FsCheck.Fluent;

namespace Aegis.Tests.Studies.Content;

public sealed class CountedBytesTests
{
    private const int Limit = 60;

    private static readonly Arbitrary<(int, int)[]> Ranges =
        Gen.Choose(0, Limit).SelectMany(from => Gen.Choose(from, Math.Min(Limit, from + 12)).Select(to => (from, to))).ArrayOf()
            .ToArbitrary();

    [Fact]
    public void Counted_bytes_are_numbered_like_a_list()
    {
        Prop.ForAll(Ranges, ranges =>
        {
            var set = new IntervalSet();
            foreach (var (from, to) in ranges) set.Add(from, to);
            var list = Enumerable.Range(0, Limit + 1).Where(n => set.Contains(n)).ToList();

            var counted = CountedBytes.FromBytes(CountedBytes.Of(set).ToBytes());

            return counted.Total == list.Count
                && Enumerable.Range(0, Limit + 5).All(p => counted.Before(p) == list.Count(n => n < p))
                && Enumerable.Range(1, list.Count).All(k => counted.EndOf(k) == list[k - 1] + 1)
                && counted.EndOf(list.Count + 1) == long.MaxValue;
        }).QuickCheckThrowOnFailure();
    }
}

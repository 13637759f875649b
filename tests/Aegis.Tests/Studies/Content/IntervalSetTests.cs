using Aegis.Studies.Metering;
using FsCheck;
using FsCheck.Fluent;

namespace Aegis.Tests.Studies.Content;

public sealed class IntervalSetTests
{
    private const int Limit = 60;

    private static readonly Arbitrary<(int, int)[]> Ranges =
        Gen.Choose(0, Limit).SelectMany(from => Gen.Choose(from, Math.Min(Limit, from + 12)).Select(to => (from, to))).ArrayOf()
            .ToArbitrary();

    [Fact]
    public void An_interval_set_behaves_as_a_set_of_numbers()
    {
        Prop.ForAll(Ranges, ranges =>
        {
            var (set, model) = Both(ranges);

            return set.Total == model.Count
                && Enumerable.Range(0, Limit + 2).All(n => set.Contains(n) == model.Contains(n))
                && IsNormal(set);
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void A_range_is_covered_when_the_set_has_all_of_its_numbers()
    {
        Prop.ForAll(Ranges, ranges =>
        {
            var (set, model) = Both(ranges);

            return Enumerable.Range(0, Limit).All(from => Enumerable.Range(from, Limit - from).All(to =>
                set.Covers(from, to) == Enumerable.Range(from, to - from).All(model.Contains)));
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void A_stored_set_is_read_back()
    {
        Prop.ForAll(Ranges, ranges =>
        {
            var (set, _) = Both(ranges);

            var again = IntervalSet.FromBytes(set.ToBytes());

            return again.Intervals.SequenceEqual(set.Intervals) && again.Total == set.Total;
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void A_union_has_the_numbers_of_both_sets()
    {
        Prop.ForAll(Ranges, Ranges, (one, other) =>
        {
            var (set, model) = Both(one);
            var (second, secondModel) = Both(other);

            set.Union(second);

            model.UnionWith(secondModel);
            return set.Total == model.Count && model.All(n => set.Contains(n));
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Touching_intervals_become_one()
    {
        var set = new IntervalSet();

        set.Add(10, 20);
        set.Add(30, 40);
        set.Add(20, 30);

        set.Intervals.Should().Equal((10, 40));
    }

    [Fact]
    public void Large_offsets_survive_storage()
    {
        var set = new IntervalSet();
        set.Add(0, 1);
        set.Add(long.MaxValue - 10, long.MaxValue);

        var again = IntervalSet.FromBytes(set.ToBytes());

        again.Intervals.Should().Equal((0, 1), (long.MaxValue - 10, long.MaxValue));
    }

    [Fact]
    public void A_reduced_set_closes_the_smallest_gaps_or_drops_the_shortest_intervals()
    {
        Prop.ForAll(Ranges, Gen.Choose(1, 5).ToArbitrary(), (ranges, limit) =>
        {
            var (more, model) = Both(ranges);
            var less = more.Copy();

            more.CloseSmallestGaps(limit);
            less.DropSmallest(limit);

            return more.Intervals.Count <= limit && model.All(n => more.Contains(n)) && IsNormal(more) && more.Total == Count(more)
                && less.Intervals.Count <= limit && Enumerable.Range(0, Limit).All(n => !less.Contains(n) || model.Contains(n))
                && less.Total == Count(less);
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void EndThatAdds_gives_the_smallest_end_that_adds_the_numbers()
    {
        Prop.ForAll(Ranges, Gen.Choose(0, Limit).ToArbitrary(), Gen.Choose(1, 20).ToArbitrary(), (ranges, from, missing) =>
        {
            var (set, model) = Both(ranges);

            var end = (int)set.EndThatAdds(missing, from);

            return Enumerable.Range(from, end - from).Count(n => !model.Contains(n)) == missing && !model.Contains(end - 1);
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void An_interval_joins_when_it_extends_an_existing_one()
    {
        Prop.ForAll(Ranges, Gen.Choose(0, Limit).ToArbitrary(), (ranges, from) =>
        {
            var (set, _) = Both(ranges);
            var (joins, before) = (set.Joins(from), set.Intervals.Count);

            set.Add(from, from + 1);

            return !joins || set.Intervals.Count <= before;
        }).QuickCheckThrowOnFailure();
    }

    [Theory]
    [InlineData("05")] // a gap without a length
    [InlineData("0500")] // an empty interval
    [InlineData("01050005")] // two adjacent intervals
    [InlineData("85")] // a number that does not end
    [InlineData("ffffffffffffffffffffff")]
    [InlineData("05ffffffffffffffff7f")] // ends beyond the range of a long
    public void Malformed_bytes_are_refused(string hex)
    {
        var read = () => IntervalSet.FromBytes(Convert.FromHexString(hex));

        read.Should().Throw<FormatException>();
    }

    [Fact]
    public void A_reversed_or_negative_interval_is_refused()
    {
        var set = new IntervalSet();

        var reversed = () => set.Add(2, 1);
        var negative = () => set.Add(-1, 1);

        reversed.Should().Throw<ArgumentOutOfRangeException>();
        negative.Should().Throw<ArgumentOutOfRangeException>();
    }

    private static (IntervalSet Set, HashSet<int> Model) Both((int From, int To)[] ranges)
    {
        var (set, model) = (new IntervalSet(), new HashSet<int>());
        foreach (var (from, to) in ranges)
        {
            set.Add(from, to);
            model.UnionWith(Enumerable.Range(from, to - from));
        }

        return (set, model);
    }

    private static long Count(IntervalSet set) => set.Intervals.Sum(i => i.To - i.From);

    private static bool IsNormal(IntervalSet set) =>
        set.Intervals.All(i => i.From < i.To) && set.Intervals.Zip(set.Intervals.Skip(1)).All(p => p.First.To < p.Second.From);
}

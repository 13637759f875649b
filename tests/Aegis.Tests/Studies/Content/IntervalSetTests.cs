using Aegis.Studies.Metering;
using FsCheck;
using FsCheck.Fluent;

namespace Aegis.Tests.Studies.Content;

public sealed class IntervalSetTests
{
    private const int Limit = 60;

    private static readonly Arbitrary<(int, int)[]> Ranges =
        Gen.Choose(0, Limit).SelectMany(from => Gen.Choose(from, Math.Min(Limit, from + 12)).Select(to => (from, to))).ArrayOf().ToArbitrary();

    [Fact]
    public void It_behaves_as_a_set_of_numbers()
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
    public void It_covers_a_range_when_every_number_of_it_is_in()
    {
        Prop.ForAll(Ranges, ranges =>
        {
            var (set, model) = Both(ranges);

            return Enumerable.Range(0, Limit).All(from => Enumerable.Range(from, Limit - from).All(to =>
                set.Covers(from, to) == Enumerable.Range(from, to - from).All(model.Contains)));
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void What_is_stored_comes_back()
    {
        Prop.ForAll(Ranges, ranges =>
        {
            var (set, _) = Both(ranges);

            var again = IntervalSet.FromBytes(set.ToBytes());

            return again.Intervals.SequenceEqual(set.Intervals) && again.Total == set.Total;
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void A_union_holds_what_either_holds()
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
    public void Too_many_intervals_close_the_smallest_gap_and_never_lose_a_number()
    {
        var set = new IntervalSet();
        for (var i = 0L; i < IntervalSet.MaxIntervals; i++)
            set.Add(i * 100, i * 100 + (i == 500 ? 90 : 50));

        set.Add(1_000_000_000, 1_000_000_001);

        set.Intervals.Should().HaveCount(IntervalSet.MaxIntervals);
        set.Covers(50_000, 50_150).Should().BeTrue();
        set.Covers(49_900, 50_000).Should().BeFalse();
        set.Total.Should().Be(IntervalSet.MaxIntervals * 50L + 40 + 10 + 1);
        set.ToBytes().Length.Should().BeLessThan(IntervalSet.MaxBytes);
    }

    [Theory]
    [InlineData("05")] // a gap without a length
    [InlineData("0500")] // an empty interval
    [InlineData("01050005")] // two intervals that touch
    [InlineData("85")] // a number that does not end
    [InlineData("ffffffffffffffffffffff")]
    [InlineData("05ffffffffffffffff7f")] // ends beyond what a long can say
    public void Malformed_bytes_are_refused(string hex)
    {
        var read = () => IntervalSet.FromBytes(Convert.FromHexString(hex));

        read.Should().Throw<FormatException>();
    }

    [Fact]
    public void More_bytes_than_any_set_has_are_refused()
    {
        var intervals = Enumerable.Repeat((byte)1, IntervalSet.MaxBytes + 2).ToArray();

        var read = () => IntervalSet.FromBytes(intervals);

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

    private static bool IsNormal(IntervalSet set) =>
        set.Intervals.All(i => i.From < i.To) && set.Intervals.Zip(set.Intervals.Skip(1)).All(p => p.First.To < p.Second.From);
}

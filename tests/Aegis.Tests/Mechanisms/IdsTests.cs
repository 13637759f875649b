using Aegis.Kernel.Identifiers;

namespace Aegis.Tests.Mechanisms;

public sealed class IdsTests
{
    [Fact]
    public void An_id_contains_its_time()
    {
        var now = new DateTimeOffset(2026, 1, 17, 12, 30, 15, 123, TimeSpan.Zero);

        Ids.TimeOf(Ids.New("kek", now)).Should().Be(now);
        foreach (var other in (string[])["kek_1", "", "kek-0123456789abcdefghjkmnpqrs", "kek_0123456789abcdefghjkmnpqrU"])
            Ids.TimeOf(other).Should().BeNull();
    }

    private static readonly DateTimeOffset Now = new(2026, 1, 17, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void An_id_is_its_prefix_and_26_characters_of_lower_case_Crockford_base32()
    {
        Ids.New("req", Now).Should().MatchRegex("^req_[0-9abcdefghjkmnpqrstvwxyz]{26}$");
    }

    [Fact]
    public void Ids_sort_by_creation_within_a_millisecond_too()
    {
        var order = new MillisecondOrder(); // other tests use the process-wide one with other clocks
        var made = Enumerable.Range(0, 1_000).Select(_ => Ids.New("req", Now, order)).ToList();

        made.Should().BeInAscendingOrder(StringComparer.Ordinal).And.OnlyHaveUniqueItems();
        string.CompareOrdinal(Ids.New("req", Now.AddMilliseconds(1), order), made[^1]).Should().BePositive();
    }
}

namespace Aegis.Interop.Tests.Rotation;

/// <summary>A point of a rotation at which the host can be made to end, and what comes by it.</summary>
/// <param name="Point">A point of <c>RotationPoints</c>.</param>
/// <param name="Acts">What comes by it.</param>
/// <param name="OnlyTwins">Only where the old value works on.</param>
public sealed record Boundary(string Point, IReadOnlyList<Act> Acts, bool OnlyTwins = false)
{
    private static readonly Act[] Fresh = [Act.Rotate, Act.Emergency], Any = [Act.Rotate, Act.Emergency, Act.Rollback];

    /// <summary>In the order in which a rotation comes by them; <c>x.saved</c> is when it is stored that x is next.</summary>
    public static readonly IReadOnlyList<Boundary> All =
    [
        new("create.before", Fresh), new("create.after", Fresh), new("set.saved", Fresh),
        new("set.before", Any), new("set.after", Any), new("test.saved", Any),
        new("test.before", Any), new("test.after", Any), new("finish.saved", Any), new("finish.before", Any),
        new("revoke.saved", Any, OnlyTwins: true), new("revoke.before", Any, OnlyTwins: true), new("revoke.after", Any, OnlyTwins: true),
        new("done.saved", Any),
    ];
}

namespace Aegis.Interop.Tests.Rotation;

/// <summary>A point of a rotation at which the host can be killed, and the actions that reach it.</summary>
/// <param name="Point">A point of <c>RotationPoints</c>.</param>
/// <param name="Acts">The actions that reach it.</param>
/// <param name="OnlyTwins">True when only accounts whose old value still works reach it.</param>
public sealed record Boundary(string Point, IReadOnlyList<Act> Acts, bool OnlyTwins = false)
{
    private static readonly Act[] Fresh = [Act.Rotate, Act.Emergency], Any = [Act.Rotate, Act.Emergency, Act.Rollback];

    /// <summary>The points in the order of a rotation. At <c>x.saved</c> the row says that x is next.</summary>
    public static readonly IReadOnlyList<Boundary> All =
    [
        new("create.before", Fresh), new("create.after", Fresh), new("set.saved", Fresh),
        new("set.before", Any), new("set.after", Any), new("test.saved", Any),
        new("test.before", Any), new("test.after", Any), new("finish.saved", Any), new("finish.before", Any),
        new("revoke.saved", Any, OnlyTwins: true), new("revoke.before", Any, OnlyTwins: true), new("revoke.after", Any, OnlyTwins: true),
        new("done.saved", Any),
    ];
}

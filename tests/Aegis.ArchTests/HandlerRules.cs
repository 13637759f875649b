using Aegis.Kernel.Events;
using Aegis.Kernel.Persistence;

namespace Aegis.ArchTests;

/// <summary>Rule 9: whatever a class handles is registered.</summary>
public sealed class HandlerRules
{
    private static readonly List<HandlerRegistration> Registered = [.. Solution.Services(DatabaseKind.Sqlite)
        .Where(s => s.ServiceType == typeof(HandlerRegistration)).Select(s => (HandlerRegistration)s.ImplementationInstance!)];

    [Fact]
    public void Every_event_that_a_class_handles_is_registered()
    {
        var handled = Classes().SelectMany(t => t.GetInterfaces()
            .Where(i => i.IsGenericType
                && (i.GetGenericTypeDefinition() == typeof(IHandle<>) || i.GetGenericTypeDefinition() == typeof(IHandleRepeatably<>)))
            .Select(i => (Handler: t, Event: i.GetGenericArguments()[0])));
        var many = Classes().Where(typeof(IHandleMany).IsAssignableFrom);

        handled.Should().NotBeEmpty();
        handled.Except(Registered.SelectMany(r => r.Events.Select(e => (r.Handler, e)))).Should()
            .BeEmpty("AddHandler registers the class for all of them");
        many.Except(Registered.Select(r => r.Handler)).Should().BeEmpty("AddHandlerOfMany registers it");
    }

    [Fact]
    public void Names_of_handlers_are_unique_and_fit_into_receipts()
    {
        Registered.Select(r => r.Name).Should().OnlyHaveUniqueItems("receipts are stored under them");
        Registered.Select(r => r.Name.Length).Should().OnlyContain(length => length <= 100);
    }

    /// <summary>Receipts of earlier versions hold these: a handler under another name would handle what it has handled once more.</summary>
    [Fact]
    public void Names_of_the_handlers_of_the_first_version_are_kept()
    {
        string[] first = ["AskForCopy", "FinishSoon", "FollowPartnership", "FollowTransfer", "Publish", "RevokeTickets", "TellOfWebhooks"];

        Registered.Select(r => r.Name).Should().Contain(first);
    }

    private static IEnumerable<Type> Classes() =>
        Solution.Modules.Append(Solution.Kernel).Append(Solution.Host).SelectMany(a => a.GetTypes())
            .Where(t => t is { IsClass: true, IsAbstract: false });
}

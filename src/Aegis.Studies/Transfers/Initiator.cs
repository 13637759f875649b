using System.Text.Json;

namespace Aegis.Studies.Transfers;

/// <summary>Who made something happen to a transfer: a party, the platform, the end of the window, or the meters.</summary>
internal enum Initiator { Consumer, Provider, Platform, Window, Meter }

internal enum DestructionReason { WindowEnd, Manual }

/// <summary>Why a transfer is disputed.</summary>
internal enum DisputeGround
{
    /// <summary>A party says so; the others are found by comparing meters.</summary>
    RaisedByParty,
    ReceiptDiffers,
    ReceiptExceedsServed,
    ServedInPart,
    NotAcknowledged,
    ExcessEgress,
}

/// <summary>The words of these enums in events and answers.</summary>
internal static class Words
{
    public static string SnakeName<TEnum>(this TEnum value)
        where TEnum : struct, Enum => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString());
}

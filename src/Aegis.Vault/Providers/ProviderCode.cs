namespace Aegis.Vault.Providers;

/// <summary>Why a provider did not do what it was asked, or why a value does not work. Each stands in docs/vault-providers.md.</summary>
internal static class ProviderCode
{
    /// <summary>The target is on none of the addresses that this installation may call.</summary>
    public const string AddressNotAllowed = "address_not_allowed";

    /// <summary>No connection came about.</summary>
    public const string Unreachable = "unreachable";

    /// <summary>The target's certificate is not trusted, or there is no common protocol.</summary>
    public const string TlsFailed = "tls_failed";

    /// <summary>The request went out, and no answer came back.</summary>
    public const string AnswerLost = "answer_lost";

    /// <summary>The target answered that it cannot work now.</summary>
    public const string TargetFailing = "target_failing";

    /// <summary>The target answered that there were too many calls.</summary>
    public const string TargetBusy = "target_busy";

    /// <summary>The target answered with something that the configuration does not expect.</summary>
    public const string AnswerUnexpected = "answer_unexpected";

    /// <summary>The target's answer is longer than Aegis reads.</summary>
    public const string AnswerTooLarge = "answer_too_large";

    /// <summary>The target does not let this value in.</summary>
    public const string LoginRefused = "login_refused";

    /// <summary>The target lets this login in from nowhere, or not from here, whatever the value.</summary>
    public const string LoginNotPermitted = "login_not_permitted";

    /// <summary>The time until which this login may be used is over, whatever the value.</summary>
    public const string LoginEnded = "login_ended";

    /// <summary>The target does not take this value; another may do.</summary>
    public const string ValueRejected = "value_rejected";

    /// <summary>The value does not have the form that the configuration names.</summary>
    public const string ValueMalformed = "value_malformed";

    /// <summary>The value cannot be written or sent as this target needs it.</summary>
    public const string ValueUnsupported = "value_unsupported";

    /// <summary>The place holds another value.</summary>
    public const string ValueDiffers = "value_differs";

    /// <summary>What Aegis logs in with to do its work there is refused.</summary>
    public const string AccessRefused = "access_refused";

    /// <summary>What Aegis logs in with lacks a permission.</summary>
    public const string PermissionMissing = "permission_missing";

    /// <summary>The database is not there.</summary>
    public const string DatabaseMissing = "database_missing";

    /// <summary>The user whose password is to be set is not there.</summary>
    public const string UserMissing = "user_missing";

    /// <summary>A step needs the value in use, and there is none.</summary>
    public const string CurrentMissing = "current_missing";

    /// <summary>What the provider calls the value is not known, so it cannot be named there.</summary>
    public const string HandleMissing = "handle_missing";

    /// <summary>The credential has no configuration that says where its provider is.</summary>
    public const string ConfigMissing = "config_missing";

    /// <summary>The organization has no connection of the kind that this provider works through.</summary>
    public const string ConnectionMissing = "connection_missing";

    /// <summary>The installation has no folder for files: <c>Vault:EnvRoot</c> is not set.</summary>
    public const string FilesOff = "files_off";

    /// <summary>The path leads through a symbolic link or something that is no folder.</summary>
    public const string PathNotAllowed = "path_not_allowed";

    /// <summary>The file cannot be read or written.</summary>
    public const string FileUnavailable = "file_unavailable";

    /// <summary>Another process writes files in the same folder all the time.</summary>
    public const string FileLocked = "file_locked";

    /// <summary>A step failed in Aegis itself, in a way that nobody thought of.</summary>
    public const string StepBroke = "step_broke";

    /// <summary>A rollback would go to a value that a later one took the place of for good.</summary>
    public const string ValueUsedUp = "value_used_up";

    /// <summary>The refresh token was refused: a person has to grant access again.</summary>
    public const string GrantRefused = "grant_refused";
}

using System.Globalization;
using System.Text.RegularExpressions;
using Aegis.Kernel.Web.Input;
using Aegis.Kernel.Web.Validation;
using FluentValidation;

namespace Aegis.Studies.Requests;

/// <summary>Asks a provider for one patient's study.</summary>
/// <param name="ProviderId">The organization that has the study.</param>
/// <param name="Patient">The patient of the study.</param>
/// <param name="Reason">Why the study is needed, as free text; at most 500 characters.</param>
/// <param name="Study">Describes the study when the patient may have several.</param>
/// <param name="PurposeOfUse">The purpose: treatment, payment, operations, quality, research, public_health, patient_request, legal,
/// training or ai_review.</param>
/// <param name="Window">How long and how often it may be viewed.</param>
internal sealed record CreateStudyRequest(
    string ProviderId,
    PatientBody Patient,
    string Reason,
    StudyBody? Study = null,
    PurposeOfUse? PurposeOfUse = null,
    WindowBody? Window = null)
{
    public const int DefaultWindowHours = 72;

    internal RequestDetails Details => new(Patient.ToPatient(), Reason.Trim(), Study?.ToSelector());

    internal RequestTerms Terms => new(PurposeOfUse, Window?.Hours ?? DefaultWindowHours, Window?.MaxViews);
}

/// <summary>Identifies one patient.</summary>
/// <param name="LastName">Family name, at most 64 characters.</param>
/// <param name="FirstName">Given name, at most 64 characters.</param>
/// <param name="Dob">Date of birth, <c>MM/DD/YYYY</c> or <c>YYYY-MM-DD</c>.</param>
[ConfidentialInput]
internal sealed record PatientBody(string LastName, string FirstName, string Dob)
{
    public Patient ToPatient() =>
        new(LastName.Trim(), FirstName.Trim(), Day.Find(Dob) ?? throw new FormatException("The validator accepts valid dates only."));

    public override string ToString() => "***";
}

/// <summary>Narrows a request to certain studies of the patient.</summary>
/// <param name="Modality">A DICOM code string, for example CT.</param>
/// <param name="BodyPart">For example CHEST; at most 64 characters.</param>
/// <param name="AccessionNumber">At most 64 characters.</param>
/// <param name="StudyInstanceUid">A DICOM UID. An upload with another UID is refused.</param>
/// <param name="DateFrom">First day of the study, <c>YYYY-MM-DD</c> or <c>MM/DD/YYYY</c>.</param>
/// <param name="DateTo">Last day of the study, <c>YYYY-MM-DD</c> or <c>MM/DD/YYYY</c>.</param>
internal sealed record StudyBody(
    string? Modality = null,
    string? BodyPart = null,
    string? AccessionNumber = null,
    string? StudyInstanceUid = null,
    string? DateFrom = null,
    string? DateTo = null)
{
    public StudySelector ToSelector() => new(Modality, BodyPart, AccessionNumber, StudyInstanceUid, Day.Find(DateFrom), Day.Find(DateTo));

    public override string ToString() => "***";
}

/// <summary>How long and how often the study may be viewed.</summary>
/// <param name="Hours">1–720 hours from fulfilment; 72 by default.</param>
/// <param name="MaxViews">1 or more; null for no limit. A view is counted when half of the smallest picture was served. It covers
/// everything that is requested in the following hour.</param>
internal sealed record WindowBody(int? Hours = null, int? MaxViews = null);

/// <summary>Parses dates in the formats that callers may use.</summary>
internal static class Day
{
    private static readonly string[] Formats = ["MM/dd/yyyy", "yyyy-MM-dd"];

    public static DateOnly? Find(string? text) =>
        DateOnly.TryParseExact(text, Formats, CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day : null;
}

internal sealed class CreateStudyRequestValidator : AbstractValidator<CreateStudyRequest>
{
    public CreateStudyRequestValidator(TimeProvider clock)
    {
        RuleFor(x => x.ProviderId).NotEmpty().MaximumLength(64);
        RuleFor(x => x.Reason).NotEmpty().MaximumLength(500).Words();
        RuleFor(x => x.Patient).SetValidator(new PatientValidator(clock));
        RuleFor(x => x.Study!).SetValidator(new StudyValidator()).When(x => x.Study is not null);
        RuleFor(x => x.Window!).SetValidator(new WindowValidator()).When(x => x.Window is not null);
    }
}

internal sealed class PatientValidator : AbstractValidator<PatientBody>
{
    private const int MaxNameLength = 64; // one component of a DICOM person name (PS3.5 6.2)

    public PatientValidator(TimeProvider clock)
    {
        RuleFor(x => x.LastName).NotEmpty().MaximumLength(MaxNameLength).OneLine().Must(HasLetter)
            .WithMessage("lastName must contain a letter.");
        RuleFor(x => x.FirstName).NotEmpty().MaximumLength(MaxNameLength).OneLine().Must(HasLetter)
            .WithMessage("firstName must contain a letter.");
        RuleFor(x => x.Dob)
            .Must(dob => Day.Find(dob) is not null).WithMessage("dob must be a valid date, as MM/DD/YYYY or YYYY-MM-DD.")
            .Must(dob => Day.Find(dob) is not { } day || day <= Tomorrow(clock)).WithMessage("dob must not be in the future.")
            .Must(dob => Day.Find(dob) is not { } day || day.Year >= EarliestBirth)
            .WithMessage($"dob must be in {EarliestBirth} or later.");
    }

    private const int EarliestBirth = 1850; // an earlier year is a typing error

    private static bool HasLetter(string? name) => string.IsNullOrEmpty(name) || name.Any(char.IsLetter);

    // In some time zones it is already tomorrow.
    private static DateOnly Tomorrow(TimeProvider clock) => DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime).AddDays(1);
}

internal sealed partial class StudyValidator : AbstractValidator<StudyBody>
{
    public StudyValidator()
    {
        RuleFor(x => x.Modality).Must(m => m is null || CodeString().IsMatch(m))
            .WithMessage("modality must be a DICOM code, for example CT: 1 to 16 characters of A-Z, 0-9, space and _.");
        RuleFor(x => x.BodyPart).MaximumLength(64).OneLine();
        RuleFor(x => x.AccessionNumber).MaximumLength(64).OneLine();
        RuleFor(x => x.StudyInstanceUid).Must(u => u is null || Uid().IsMatch(u))
            .WithMessage("studyInstanceUid must be a DICOM UID: numbers separated by dots, at most 64 characters.");
        RuleFor(x => x.DateFrom).Must(IsDay).WithMessage("dateFrom must be a valid date, as MM/DD/YYYY or YYYY-MM-DD.");
        RuleFor(x => x.DateTo).Must(IsDay).WithMessage("dateTo must be a valid date, as MM/DD/YYYY or YYYY-MM-DD.")
            .Must((study, to) => Day.Find(study.DateFrom) is not { } from || Day.Find(to) is not { } until || from <= until)
            .WithMessage("dateTo must not be before dateFrom.");
    }

    private static bool IsDay(string? text) => text is null || Day.Find(text) is not null;

    [GeneratedRegex("^[A-Z0-9 _]{1,16}\\z")]
    private static partial Regex CodeString();

    [GeneratedRegex("^(?=.{1,64}\\z)(0|[1-9][0-9]*)(\\.(0|[1-9][0-9]*))*\\z")]
    private static partial Regex Uid();
}

internal sealed class WindowValidator : AbstractValidator<WindowBody>
{
    private const int MaxHours = 30 * 24;

    public WindowValidator()
    {
        RuleFor(x => x.Hours).InclusiveBetween(1, MaxHours);
        RuleFor(x => x.MaxViews).GreaterThanOrEqualTo(1);
    }
}

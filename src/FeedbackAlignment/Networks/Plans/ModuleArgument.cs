using FeedbackAlignment.Catalogs;

namespace FeedbackAlignment.Networks;

/// <summary>A number that stands behind a module's word in a plan, such as the probability in <c>dropout 0.2</c>.</summary>
/// <param name="Id">Its name, in camel case; the module has it in its <see cref="Module.Settings"/>.</param>
/// <param name="Default">Its value where none is given; where one must be given, the example in messages.</param>
/// <param name="Summary">What it is, in one line.</param>
public sealed record ModuleArgument(string Id, double Default, string Summary) : NumberOption(Id, Default, Summary)
{
    /// <summary>Whether it must be given.</summary>
    public bool IsRequired { get; init; }
}

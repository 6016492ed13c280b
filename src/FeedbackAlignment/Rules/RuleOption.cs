using FeedbackAlignment.Catalogs;

namespace FeedbackAlignment.Rules;

/// <summary>A number that a rule alone knows and that can be set, such as the standard deviation of its noise.</summary>
/// <param name="Id">Its name in specs, in camel case.</param>
/// <param name="Default">Its value where none is given: the paper's, if it has one.</param>
/// <param name="Summary">What it is, in one line, with its symbol and unit.</param>
public sealed record RuleOption(string Id, double Default, string Summary) : NumberOption(Id, Default, Summary);

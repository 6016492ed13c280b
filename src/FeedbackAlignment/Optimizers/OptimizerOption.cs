using FeedbackAlignment.Catalogs;

namespace FeedbackAlignment.Optimizers;

/// <summary>A number that an optimizer of one's own alone knows and that can be set.</summary>
/// <param name="Id">Its name in specs, in camel case.</param>
/// <param name="Default">Its value where none is given.</param>
/// <param name="Summary">What it is, in one line, with its symbol and unit.</param>
public sealed record OptimizerOption(string Id, double Default, string Summary) : NumberOption(Id, Default, Summary);

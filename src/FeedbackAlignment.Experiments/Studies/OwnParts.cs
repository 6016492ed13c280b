using System.Reflection;
using FeedbackAlignment.Catalogs;
using FeedbackAlignment.Losses;
using FeedbackAlignment.Networks;
using FeedbackAlignment.Optimizers;
using FeedbackAlignment.Rules;

namespace FeedbackAlignment.Experiments.Studies;

/// <summary>
/// A program with parts of its own: their code is in no spec, and no golden bits hold it. So all runs of such a program are others as soon
/// as it is built from other code.
/// </summary>
internal static class OwnParts
{
    /// <summary>The version of the program's code; null: it names the library's parts only.</summary>
    public static string? Version(Components components)
        => HasOwn(components) ? (Assembly.GetEntryAssembly() ?? typeof(OwnParts).Assembly).ManifestModule.ModuleVersionId.ToString() : null;

    private static bool HasOwn(Components components)
        => components.Rules.Entries.Any(rule => !ReferenceEquals(RuleCatalog.Standard.Find(rule.Id), rule))
        || AreOwn(components.Activations, Activation.Standard) || AreOwn(components.Initializations, Initialization.Standard)
        || AreOwn(components.Modules, ModuleEntry.Standard) || AreOwn(components.Losses, Loss.Standard)
        || AreOwn(components.Optimizers, OptimizerEntry.Standard);

    private static bool AreOwn<T>(Catalog<T> catalog, Catalog<T> standard)
        where T : class, ICatalogEntry
        => !ReferenceEquals(catalog, standard) && catalog.Entries.Any(entry => !ReferenceEquals(standard.Find(entry.Id), entry));
}

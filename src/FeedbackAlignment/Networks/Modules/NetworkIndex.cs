namespace FeedbackAlignment.Networks;

/// <summary>
/// A place in a network to which direct feedback brings an error: after a hidden activation, after a residual sum without one, or between
/// two layers with weights.
/// </summary>
/// <param name="Index">Its number, from the input up, from 0.</param>
/// <param name="Module">The module whose outputs it is at.</param>
/// <param name="Layer">Index of the latest layer with weights before it: the layer that learns from the error first.</param>
/// <param name="Above">The next layer with weights after it.</param>
/// <param name="Name">What its feedback weights lead to: the latest layer, or the module where several sites lie above one layer.</param>
/// <param name="IsNearest">Whether no other site lies between it and the layer above.</param>
/// <param name="IsJustBelow">Whether its outputs are what the layer above takes.</param>
internal sealed record NetworkSite(int Index, Module Module, int Layer, WeightedLayer Above, string Name, bool IsNearest, bool IsJustBelow)
{
    /// <summary>
    /// What its feedback weights are drawn by: the name of the layer above, as those of feedback alignment; where several sites lie below
    /// one
    /// layer, only the nearest has it alone.
    /// </summary>
    public string FeedbackName => IsNearest ? Above.Name : $"{Above.Name}-{Module.Name}";
}

/// <summary>The layers and sites of a tree of modules, in order from the input up.</summary>
internal sealed class NetworkIndex
{
    private readonly Dictionary<Module, int> _layers = [], _sites = [];

    /// <param name="root">The whole network; it ends with a layer with weights.</param>
    public NetworkIndex(Sequence root)
    {
        List<WeightedLayer> layers = [];
        List<(Module Module, int Layer, Module? Next)> sites = [];
        Visit(root, null, layers, sites);
        Layers = layers;
        (Module Module, int Layer, Module? Next)[] hidden = [.. sites.Where(site => site.Layer >= 0 && site.Layer < layers.Count - 1)];
        Sites = [.. hidden.Select(Site)];
        foreach (var (i, layer) in layers.Index())
        {
            _layers.Add(layer, i);
        }

        foreach (var site in Sites)
        {
            _sites.Add(site.Module, site.Index);
        }

        NetworkSite Site((Module Module, int Layer, Module? Next) site, int index)
        {
            var above = layers[site.Layer + 1];
            var isAlone = hidden.Count(other => other.Layer == site.Layer) == 1;
            var isNearest = index == hidden.Length - 1 || hidden[index + 1].Layer != site.Layer;
            return new(index, site.Module, site.Layer, above, isAlone ? layers[site.Layer].Name : site.Module.Name, isNearest,
                site.Next == above);
        }
    }

    /// <summary>All layers with weights, from the input up.</summary>
    public IReadOnlyList<WeightedLayer> Layers { get; }

    /// <summary>All sites, from the input up.</summary>
    public IReadOnlyList<NetworkSite> Sites { get; }

    /// <summary>The index of a layer.</summary>
    public int IndexOf(WeightedLayer layer) => _layers[layer];

    /// <summary>The index of the site at a module's outputs; −1: there is none.</summary>
    public int SiteOf(Module module) => module is Sequence ? SiteOf(module.Children[^1]) : _sites.GetValueOrDefault(module, -1);

    private static void Visit(Module module, Module? next, List<WeightedLayer> layers, List<(Module Module, int Layer, Module? Next)> sites)
    {
        if (module is WeightedLayer layer)
        {
            layers.Add(layer);
        }

        for (var i = 0; i < module.Children.Count; i++)
        {
            Visit(module.Children[i], module is Sequence ? module.Children.Skip(i + 1).FirstOrDefault() : null, layers, sites);
        }

        // A sum of a branch and a shortcut is a site as well: otherwise exact errors would come down from shortcut to shortcut.
        if (module.IsActivation || (module is WeightedLayer && next is WeightedLayer)
            || (module is Residual && next is not { IsActivation: true }))
        {
            sites.Add((module, layers.Count - 1, next));
        }
    }
}

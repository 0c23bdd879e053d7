// Shows the API's description with the vendored Swagger UI. The page names the description in
// <div id="swagger-ui" data-description="/api/v1/openapi.json">; nothing is asked of another host.
"use strict";

document.addEventListener("DOMContentLoaded", () => {
  const place = document.getElementById("swagger-ui");
  SwaggerUIBundle({
    domNode: place,
    url: place.dataset.description,
    deepLinking: true,
    // The default asks a validator on the Internet.
    validatorUrl: null,
    // A token typed here is forgotten with the page.
    persistAuthorization: false,
  });
});
